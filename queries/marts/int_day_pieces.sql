-- Entries of readable length, cut at local midnight; those that count and those set aside.
-- Grain: one row per entry and local day.
-- Expect: not_null(entry_id, seconds), check(seconds > 0), check(end_second is null or end_second - start_second =
-- seconds)
-- Kept: as a view

with

-- Few entries go over midnight; asking for them first keeps the join by range small.
late as (
    select * from int_entries
    where seconds is not null
        and end_second > day_end_second
),

crossing as (
    select
        late.*,
        calendar.local_date as piece_date,
        calendar.day_start_second as piece_day_start,
        greatest(late.start_second, calendar.day_start_second) as piece_start,
        least(late.end_second, calendar.day_start_second + calendar.day_seconds) as piece_end
    from late
    inner join calendar
        on late.time_zone = calendar.time_zone
        and late.start_second < calendar.day_start_second + calendar.day_seconds
        and late.end_second > calendar.day_start_second
),

final as (
    select
        entry_id as entry_id,
        source_id as source_id,
        line as line,
        rep_id as rep_id,
        opportunity_id as opportunity_id,
        instrument as instrument,
        label as label,
        code as code,
        account as account,
        stage as stage,
        channel as channel,
        rework as rework,
        could_do as could_do,
        waiting_on as waiting_on,
        problem as problem,
        local_date as local_date,
        day_start_second as day_start_second,
        start_second as start_second,
        end_second as end_second,
        seconds as seconds,
        seconds as entry_seconds,
        start_second as entry_start_second,
        end_second as entry_end_second,
        true as is_first_day
    from int_entries
    where seconds is not null
        and (end_second is null or end_second <= coalesce(day_end_second, end_second))
    union all
    select
        entry_id as entry_id,
        source_id as source_id,
        line as line,
        rep_id as rep_id,
        opportunity_id as opportunity_id,
        instrument as instrument,
        label as label,
        code as code,
        account as account,
        stage as stage,
        channel as channel,
        rework as rework,
        could_do as could_do,
        waiting_on as waiting_on,
        problem as problem,
        piece_date as local_date,
        piece_day_start as day_start_second,
        piece_start as start_second,
        piece_end as end_second,
        piece_end - piece_start as seconds,
        seconds as entry_seconds,
        start_second as entry_start_second,
        end_second as entry_end_second,
        piece_start = start_second as is_first_day
    from crossing
)

select * from final
