-- Weeks of a rep far below the rep's own mean, and weeks in which all reps were far below theirs, by the part of the
-- expected time that was logged: leave and holidays that are known do not make a week one of these.
-- Grain: one row per rep and week that stands out.
-- Expect: unique(rep_id, week_start_date)

with

limits as (
    select
        max(case when name = 'inactive_week_deviations' then value end) as inactive_week_deviations,
        max(case when name = 'holiday_week_deviations' then value end) as holiday_week_deviations,
        max(case when name = 'week_drop' then value end) as week_drop,
        max(case when name = 'min_weeks' then value end) as min_weeks
    from cfg_quality_limits
),

loggers as (
    select distinct rep_id as rep_id
    from coverage_days
    where counted_seconds > 0
),

rep_weeks_covered as (
    select
        coverage_days.rep_id as rep_id,
        coverage_days.week_start_date as week_start_date,
        cast(sum(coverage_days.counted_seconds) as double) as counted_seconds,
        cast(sum(coverage_days.expected_seconds) as double) as expected_seconds
    from coverage_days
    inner join loggers
        on coverage_days.rep_id = loggers.rep_id
    where coverage_days.wave_number is not null
    group by
        coverage_days.rep_id,
        coverage_days.week_start_date
    having sum(coverage_days.expected_seconds) > 0
),

own as (
    select
        rep_id,
        count(*) as weeks,
        avg(counted_seconds / expected_seconds) as mean_share,
        stddev_samp(counted_seconds / expected_seconds) as deviation
    from rep_weeks_covered
    group by rep_id
),

study_weeks as (
    select
        week_start_date,
        sum(counted_seconds) / sum(expected_seconds) as share
    from rep_weeks_covered
    group by week_start_date
),

everyone as (
    select
        count(*) as weeks,
        avg(share) as mean_share,
        stddev_samp(share) as deviation
    from study_weeks
),

holiday_weeks as (
    select study_weeks.week_start_date as week_start_date
    from study_weeks
    cross join everyone
    cross join limits
    where everyone.weeks >= limits.min_weeks
        and study_weeks.share < everyone.mean_share - limits.holiday_week_deviations * everyone.deviation
        and study_weeks.share < everyone.mean_share * (1 - limits.week_drop)
),

final as (
    select
        -- ids
        rep_weeks_covered.rep_id as rep_id,
        -- dimensions
        case when holiday_weeks.week_start_date is not null then 'week/holiday' else 'week/inactive' end as rule,
        -- times
        rep_weeks_covered.week_start_date as week_start_date,
        -- measures
        rep_weeks_covered.counted_seconds / rep_weeks_covered.expected_seconds as coverage_share,
        own.mean_share as mean_share
    from rep_weeks_covered
    inner join own
        on rep_weeks_covered.rep_id = own.rep_id
    left join holiday_weeks
        on rep_weeks_covered.week_start_date = holiday_weeks.week_start_date
    cross join limits
    where holiday_weeks.week_start_date is not null
        or (
            own.weeks >= limits.min_weeks
            and rep_weeks_covered.counted_seconds / rep_weeks_covered.expected_seconds
            < own.mean_share - limits.inactive_week_deviations * own.deviation
            and rep_weeks_covered.counted_seconds / rep_weeks_covered.expected_seconds
            < own.mean_share * (1 - limits.week_drop)
        )
)

select * from final
