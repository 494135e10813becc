-- Time by category and activity for each rep and week.
-- Grain: one row per rep, week and activity.
-- Expect: unique(rep_id, week_start_date, activity_code), not_null(seconds)

with

study_days as (
    select
        calendar.local_date as local_date,
        calendar.week_start_date as week_start_date
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

final as (
    select
        -- ids
        entries.rep_id as rep_id,
        entries.activity_code as activity_code,
        -- dimensions
        entries.category as category,
        -- times
        study_days.week_start_date as week_start_date,
        -- measures
        count(*) filter (where entries.is_first_piece) as entries,
        cast(sum(entries.seconds) as bigint) as seconds
    from entries
    inner join study_days
        on entries.local_date = study_days.local_date
    group by
        entries.rep_id,
        entries.activity_code,
        entries.category,
        study_days.week_start_date
)

select * from final
