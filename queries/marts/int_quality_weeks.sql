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

-- Shares in whole millionths: whole numbers add up the same in every order.
shares as (
    select
        rep_id,
        week_start_date,
        cast(floor(counted_seconds * 1000000 / expected_seconds + 0.5) as bigint) as millionths
    from rep_weeks_covered
),

own_sums as (
    select
        rep_id,
        count(*) as weeks,
        cast(sum(millionths) as double) as total,
        cast(sum(millionths * millionths) as double) as squares
    from shares
    group by rep_id
),

own as (
    select
        rep_id,
        weeks,
        total / weeks as mean_share,
        sqrt(greatest(squares - total * total / weeks, cast(0 as double)) / nullif(weeks - 1, 0)) as deviation
    from own_sums
),

study_weeks as (
    select
        week_start_date,
        cast(floor(sum(counted_seconds) * 1000000 / sum(expected_seconds) + 0.5) as bigint) as millionths
    from rep_weeks_covered
    group by week_start_date
),

study_sums as (
    select
        count(*) as weeks,
        cast(sum(millionths) as double) as total,
        cast(sum(millionths * millionths) as double) as squares
    from study_weeks
),

everyone as (
    select
        weeks,
        total / nullif(weeks, 0) as mean_share,
        sqrt(greatest(squares - total * total / nullif(weeks, 0), cast(0 as double)) / nullif(weeks - 1, 0)) as deviation
    from study_sums
),

holiday_weeks as (
    select study_weeks.week_start_date as week_start_date
    from study_weeks
    cross join everyone
    cross join limits
    where everyone.weeks >= limits.min_weeks
        and study_weeks.millionths < everyone.mean_share - limits.holiday_week_deviations * everyone.deviation
        and study_weeks.millionths < everyone.mean_share * (1 - limits.week_drop)
),

final as (
    select
        -- ids
        shares.rep_id as rep_id,
        -- dimensions
        case when holiday_weeks.week_start_date is not null then 'week/holiday' else 'week/inactive' end as rule,
        -- times
        shares.week_start_date as week_start_date,
        -- measures
        cast(shares.millionths as double) / 1000000 as coverage_share,
        own.mean_share / 1000000 as mean_share
    from shares
    inner join own
        on shares.rep_id = own.rep_id
    left join holiday_weeks
        on shares.week_start_date = holiday_weeks.week_start_date
    cross join limits
    where holiday_weeks.week_start_date is not null
        or (
            own.weeks >= limits.min_weeks
            and shares.millionths < own.mean_share - limits.inactive_week_deviations * own.deviation
            and shares.millionths < own.mean_share * (1 - limits.week_drop)
        )
)

select * from final
