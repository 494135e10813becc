-- When the study ran: from the first to the last day on which enough of those who log did, without long gaps. Where
-- five or more log, a day of one rep alone is not enough: a mistyped date must not stretch the study.
-- Grain: one row per wave of logging.
-- Expect: unique(wave_number), check(last_date >= first_date)
-- Column: first_date = First day of the wave.
-- Column: last_date = Last day of the wave.
-- Column: wave_number = Number of the wave, from 1.

with

limits as (
    select
        max(case when name = 'wave_gap_days' then value end) as wave_gap_days,
        max(case when name = 'wave_day_share' then value end) as wave_day_share
    from cfg_quality_limits
),

loggers as (
    select count(distinct rep_number) as reps
    from int_quality_days
),

study_days as (
    select
        calendar.local_date as local_date,
        calendar.day_number as day_number
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

lively_days as (
    select
        study_days.local_date as local_date,
        study_days.day_number as day_number
    from int_quality_days
    inner join study_days
        on int_quality_days.local_date = study_days.local_date
    cross join loggers
    cross join limits
    group by
        study_days.local_date,
        study_days.day_number,
        loggers.reps,
        limits.wave_day_share
    having count(distinct int_quality_days.rep_number) >= limits.wave_day_share * loggers.reps
        and (loggers.reps < 5 or count(distinct int_quality_days.rep_number) > 1)
),

steps as (
    select
        local_date,
        day_number,
        day_number - lag(day_number) over (order by day_number) as step_days
    from lively_days
),

numbered as (
    select
        steps.local_date as local_date,
        1 + cast(
            sum(case when steps.step_days > limits.wave_gap_days then 1 else 0 end) over (
                order by steps.day_number
                rows between unbounded preceding and current row
            ) as bigint
        ) as wave_number
    from steps
    cross join limits
),

final as (
    select
        -- ids
        wave_number as wave_number,
        -- times
        min(local_date) as first_date,
        max(local_date) as last_date
    from numbered
    group by wave_number
)

select * from final
