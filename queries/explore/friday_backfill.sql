-- Which days were written down late, or in one go at the end of the week? Counted hours by weekday, and the hours of
-- entries written more than a day later or in bursts. Says nothing where the log does not tell when it was written.
-- Grain: one row per weekday.

with

told_late as (
    select
        rep_id,
        local_date,
        cast(sum(case when rule = 'entry/late' then seconds else 0 end) as bigint) as late_seconds,
        cast(sum(case when rule = 'entry/burst' then seconds else 0 end) as bigint) as burst_seconds,
        cast(sum(entries) as bigint) as entries
    from quality_flags
    where rule in ('entry/late', 'entry/burst')
        and is_counted
    group by
        rep_id,
        local_date
),

final as (
    select
        -- dimensions
        rep_days.weekday_number as weekday_number,
        cfg_weekdays.weekday as weekday,
        -- measures
        count(*) as days,
        round(cast(sum(rep_days.counted_seconds) as double) / 3600, 1) as hours,
        cast(coalesce(sum(told_late.entries), 0) as bigint) as entries_told_late,
        round(cast(coalesce(sum(told_late.late_seconds), 0) as double) / 3600, 1) as late_hours,
        round(cast(coalesce(sum(told_late.burst_seconds), 0) as double) / 3600, 1) as burst_hours,
        round(
            cast(coalesce(sum(told_late.late_seconds + told_late.burst_seconds), 0) as double)
            / sum(rep_days.counted_seconds), 3
        ) as share_told_late
    from rep_days
    left join told_late
        on rep_days.rep_id = told_late.rep_id
        and rep_days.local_date = told_late.local_date
    inner join cfg_weekdays
        on rep_days.weekday_number = cfg_weekdays.weekday_number
    where rep_days.counted_seconds > 0
    group by
        rep_days.weekday_number,
        cfg_weekdays.weekday
)

select * from final
order by weekday_number
