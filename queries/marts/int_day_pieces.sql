-- Entries of readable length, cut at local midnight; those that count and those set aside.
-- Grain: one row per entry and local day.
-- Expect: not_null(entry_id, seconds), check(seconds > 0), check(end_second is null or end_second - start_second =
-- seconds)
-- Kept: as a view

with

-- Few entries go over midnight; asking for them first keeps the join by range small.
late as (
    select
        int_entries.*,
        case
            when stg_sources.zone_from is not null then stg_sources.time_zone
            else coalesce(int_rep_numbers.time_zone, stg_sources.time_zone)
        end as time_zone
    from int_entries
    inner join stg_sources
        on int_entries.source_id = stg_sources.source_id
    left join int_rep_numbers
        on int_entries.rep_number = int_rep_numbers.text_id
    where int_entries.seconds is not null
        and int_entries.is_over_midnight
),

crossing as (
    select
        late.*,
        calendar.local_date as piece_date,
        calendar.day_start_second as piece_day_start,
        greatest(late.start_second, calendar.day_start_second) as piece_start,
        least(late.start_second + late.seconds, calendar.day_start_second + calendar.day_seconds) as piece_end
    from late
    inner join calendar
        on late.time_zone = calendar.time_zone
        and late.start_second < calendar.day_start_second + calendar.day_seconds
        and late.start_second + late.seconds > calendar.day_start_second
),

final as (
    select
        entry_id as entry_id,
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        wording_id as wording_id,
        opportunity_text_id as opportunity_text_id,
        account_text_id as account_text_id,
        stage_text_id as stage_text_id,
        channel_text_id as channel_text_id,
        rework_text_id as rework_text_id,
        could_do_text_id as could_do_text_id,
        waiting_on_text_id as waiting_on_text_id,
        problem as problem,
        local_date as local_date,
        day_start_second as day_start_second,
        start_second as start_second,
        start_second + seconds as end_second,
        seconds as seconds,
        seconds as entry_seconds,
        start_second as entry_start_second,
        start_second + seconds as entry_end_second,
        true as is_first_day
    from int_entries
    where seconds is not null
        and not is_over_midnight
    union all
    select
        entry_id as entry_id,
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        wording_id as wording_id,
        opportunity_text_id as opportunity_text_id,
        account_text_id as account_text_id,
        stage_text_id as stage_text_id,
        channel_text_id as channel_text_id,
        rework_text_id as rework_text_id,
        could_do_text_id as could_do_text_id,
        waiting_on_text_id as waiting_on_text_id,
        problem as problem,
        piece_date as local_date,
        piece_day_start as day_start_second,
        piece_start as start_second,
        piece_end as end_second,
        piece_end - piece_start as seconds,
        seconds as entry_seconds,
        start_second as entry_start_second,
        start_second + seconds as entry_end_second,
        piece_start = start_second as is_first_day
    from crossing
)

select * from final
