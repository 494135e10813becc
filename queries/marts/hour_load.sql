-- Worked time by hour of the local day and weekday. Day totals have no clock and are not in it.
-- Grain: one row per rep, weekday and hour.
-- Expect: unique(rep_id, weekday_number, hour), check(seconds > 0), check(hour between 0 and 23),
-- check(selling_seconds <= seconds)

with

placed as (
    select
        entries.rep_id as rep_id,
        rep_days.weekday_number as weekday_number,
        entries.category = 'selling' as is_selling,
        entries.local_start_second as from_second,
        least(entries.local_start_second + entries.seconds, 86400) as to_second
    from entries
    inner join rep_days
        on entries.rep_id = rep_days.rep_id
        and entries.local_date = rep_days.local_date
    where entries.start_second is not null
        and entries.category <> 'non_work'
        and entries.local_start_second < 86400
),

hours as (
    select
        rep_id,
        weekday_number,
        is_selling,
        from_second,
        to_second,
        cast(floor(cast(from_second as double) / 3600) as bigint) as from_hour,
        cast(floor(cast(to_second - 1 as double) / 3600) as bigint) as to_hour
    from placed
),

-- The hour an entry begins in, the hour it ends in, and the full hours between.
shares as (
    select
        rep_id as rep_id,
        weekday_number as weekday_number,
        is_selling as is_selling,
        from_hour as hour,
        least(to_second, (from_hour + 1) * 3600) - from_second as seconds
    from hours
    union all
    select
        rep_id as rep_id,
        weekday_number as weekday_number,
        is_selling as is_selling,
        to_hour as hour,
        to_second - to_hour * 3600 as seconds
    from hours
    where to_hour > from_hour
    union all
    select
        hours.rep_id as rep_id,
        hours.weekday_number as weekday_number,
        hours.is_selling as is_selling,
        cfg_hours.hour as hour,
        3600 as seconds
    from hours
    inner join cfg_hours
        on cfg_hours.hour > hours.from_hour
        and cfg_hours.hour < hours.to_hour
    where hours.to_hour - hours.from_hour > 1
),

final as (
    select
        rep_id as rep_id,
        weekday_number as weekday_number,
        hour as hour,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when is_selling then seconds else 0 end) as bigint) as selling_seconds
    from shares
    group by
        rep_id,
        weekday_number,
        hour
)

select * from final
