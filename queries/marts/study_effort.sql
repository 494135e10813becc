-- How much work of the whole sales force was logged: what every figure per rep and week divides by.
-- Grain: one row.
-- Expect: check(reps >= 0)
-- Column: logged_days = Logged days of all reps together.

with

final as (
    select
        -- measures
        count(rep_effort.rep_id) as reps,
        count(distinct rep_effort.team) as teams,
        cast(coalesce(sum(rep_effort.logged_days), 0) as bigint) as logged_days,
        cast(coalesce(sum(rep_effort.base_seconds), 0) as bigint) as base_seconds,
        cast(cast(sum(rep_effort.logged_days) as bigint) as double) / max(cfg_settings.workdays_per_week) as rep_weeks
    from cfg_settings
    left join rep_effort
        on rep_effort.base_seconds > 0
)

select * from final
