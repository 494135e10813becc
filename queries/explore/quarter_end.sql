-- How do the days before and after the end of a quarter differ from the others? Worked hours by category;
-- hours_per_day are those of one rep on one day.
-- Grain: one row per period and category.
-- Set: quarter_end = 2026-03-31 (last day of the quarter)
-- Set: days = 7 (days before and after it; the last day of the quarter is one of those before)

with

worked as (
    select
        rep_id,
        category,
        local_date,
        seconds,
        case
            when local_date > cast($quarter_end as date) - $days * interval '1' day
                and local_date <= cast($quarter_end as date) then 'before'
            when local_date > cast($quarter_end as date)
                and local_date <= cast($quarter_end as date) + $days * interval '1' day then 'after'
            else 'other days'
        end as period
    from entries
    where category <> 'non_work'
),

rep_dates as (
    select distinct
        period,
        rep_id,
        local_date
    from worked
),

periods as (
    select
        period,
        count(*) as rep_days
    from rep_dates
    group by period
),

times as (
    select
        period,
        category,
        cast(sum(seconds) as bigint) as seconds
    from worked
    group by
        period,
        category
),

final as (
    select
        -- dimensions
        times.period as period,
        times.category as category,
        -- measures
        periods.rep_days as rep_days,
        round(cast(times.seconds as double) / 3600, 1) as hours,
        round(cast(times.seconds as double) / 3600 / periods.rep_days, 2) as hours_per_day,
        round(cast(times.seconds as double) / sum(times.seconds) over (partition by times.period), 3) as share
    from times
    inner join periods
        on times.period = periods.period
)

select * from final
order by case period when 'before' then 1 when 'after' then 2 else 3 end, hours desc, category
