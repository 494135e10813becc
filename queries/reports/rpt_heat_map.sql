-- Worked hours by weekday and hour of the local day, per rep and week, with the share that is selling.
-- Grain: one row per weekday and hour with worked time.
-- Expect: unique(weekday_number, hour), check(is_shown or hours_per_rep_week is null)
-- Column: reps = Reps who worked then; null where fewer did than may be shown.
-- Column: selling_share = Selling over worked time; null where fewer reps worked then than may be shown.
-- Column: hours_per_rep_week = Worked time for each rep and logged week; null where fewer reps worked then than may
--   be shown.
-- Column: is_shown = Whether enough reps worked then to be shown (cfg_study.min_group).

with

cells as (
    select
        weekday_number,
        hour,
        count(*) as reps,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(selling_seconds) as bigint) as selling_seconds
    from hour_load
    group by
        weekday_number,
        hour
),

final as (
    select
        -- dimensions
        cells.weekday_number as weekday_number,
        cfg_weekdays.weekday as weekday,
        cells.hour as hour,
        cells.reps >= cfg_study.min_group as is_shown,
        -- measures
        case when cells.reps >= cfg_study.min_group then cells.reps end as reps,
        case when cells.reps >= cfg_study.min_group
            then cast(cells.seconds as double) / study_effort.rep_weeks / 3600 end as hours_per_rep_week,
        case when cells.reps >= cfg_study.min_group
            then cast(cells.selling_seconds as double) / cells.seconds end as selling_share
    from cells
    cross join study_effort
    cross join cfg_study
    inner join cfg_weekdays
        on cells.weekday_number = cfg_weekdays.weekday_number
)

select * from final
order by weekday_number, hour
