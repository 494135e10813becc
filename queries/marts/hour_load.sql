-- Worked time by hour of the local day and weekday. Day totals have no clock and are not in it.
-- Grain: one row per rep, weekday and hour.
-- Expect: unique(rep_id, weekday_number, hour), check(seconds > 0), check(hour between 0 and 23),
-- check(selling_seconds <= seconds)
-- Kept: as a table, by rep
-- Column: seconds = Worked time.

with

study_days as (
    select
        calendar.local_date as local_date,
        calendar.weekday_number as weekday_number
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

placed as (
    select
        int_work.rep_number as rep_number,
        study_days.weekday_number as weekday_number,
        int_work.category = 'selling' as is_selling,
        int_work.local_start_second as from_second,
        least(int_work.local_start_second + int_work.seconds, 86400) as to_second
    from int_work
    left join study_days
        on int_work.local_date = study_days.local_date
    where int_work.start_second is not null
        and int_work.category <> 'non_work'
        and int_work.local_start_second < 86400
),

hours as (
    select
        rep_number,
        weekday_number,
        is_selling,
        from_second,
        to_second,
        cast(floor(cast(from_second as double) / 3600) as bigint) as from_hour,
        cast(floor(cast(to_second - 1 as double) / 3600) as bigint) as to_hour
    from placed
),

-- Pieces that begin and end in the same hours, added up first: from here on there are few rows.
spans as (
    select
        rep_number,
        weekday_number,
        is_selling,
        from_hour,
        to_hour,
        count(*) as pieces,
        cast(sum(from_second) as bigint) as from_seconds,
        cast(sum(to_second) as bigint) as to_seconds
    from hours
    group by
        rep_number,
        weekday_number,
        is_selling,
        from_hour,
        to_hour
),

-- The hour a piece begins in, the hour it ends in, and the full hours between.
shares as (
    select
        spans.rep_number as rep_number,
        spans.weekday_number as weekday_number,
        spans.is_selling as is_selling,
        cfg_hours.hour as hour,
        case when cfg_hours.hour = spans.to_hour then spans.to_seconds else spans.pieces * (cfg_hours.hour + 1) * 3600 end
        - case when cfg_hours.hour = spans.from_hour then spans.from_seconds else spans.pieces * cfg_hours.hour * 3600 end
            as seconds
    from spans
    inner join cfg_hours
        on cfg_hours.hour >= spans.from_hour
        and cfg_hours.hour <= spans.to_hour
),

totals as (
    select
        rep_number,
        weekday_number,
        hour,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when is_selling then seconds else 0 end) as bigint) as selling_seconds
    from shares
    group by
        rep_number,
        weekday_number,
        hour
),

final as (
    select
        -- ids
        int_rep_numbers.rep_id as rep_id,
        -- dimensions
        totals.weekday_number as weekday_number,
        totals.hour as hour,
        -- measures
        totals.seconds as seconds,
        totals.selling_seconds as selling_seconds
    from totals
    left join int_rep_numbers
        on totals.rep_number = int_rep_numbers.text_id
)

select * from final
