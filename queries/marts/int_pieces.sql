-- Counted time: what remains of the logs when overlaps, duplicates and unreadable rows are out. What a label stands
-- for is told by int_wordings.
-- Grain: one row per entry and uninterrupted stretch of it.
-- Kept: as a view

with

undisturbed as (
    select
        int_day_pieces.*,
        int_day_pieces.is_first_day as is_first_piece
    from int_day_pieces
    left join int_overlap_days
        on int_day_pieces.rep_number = int_overlap_days.rep_number
        and int_day_pieces.local_date = int_overlap_days.local_date
    left join int_duplicates
        on int_day_pieces.entry_id = int_duplicates.entry_id
        and int_day_pieces.local_date = int_duplicates.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is not null
        and int_overlap_days.rep_number is null
        and int_duplicates.entry_id is null
),

day_totals as (
    select
        int_day_pieces.*,
        true as is_first_piece
    from int_day_pieces
    left join int_duplicates
        on int_day_pieces.entry_id = int_duplicates.entry_id
        and int_day_pieces.local_date = int_duplicates.local_date
    left join int_overfull_days
        on int_day_pieces.rep_number = int_overfull_days.rep_number
        and int_day_pieces.local_date = int_overfull_days.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is null
        and int_duplicates.entry_id is null
        and int_overfull_days.rep_number is null
),

whole as (
    select * from undisturbed
    union all
    select * from day_totals
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
        local_date as local_date,
        day_start_second as day_start_second,
        start_second as start_second,
        seconds as seconds,
        entry_seconds as entry_seconds,
        is_first_piece as is_first_piece
    from whole
    union all
    select
        int_overlap_entries.entry_id as entry_id,
        int_overlap_entries.source_id as source_id,
        int_overlap_entries.line as line,
        int_overlap_entries.rep_number as rep_number,
        int_overlap_entries.wording_id as wording_id,
        int_overlap_entries.opportunity_text_id as opportunity_text_id,
        int_overlap_entries.account_text_id as account_text_id,
        int_overlap_entries.stage_text_id as stage_text_id,
        int_overlap_entries.channel_text_id as channel_text_id,
        int_overlap_entries.rework_text_id as rework_text_id,
        int_overlap_entries.could_do_text_id as could_do_text_id,
        int_overlap_entries.waiting_on_text_id as waiting_on_text_id,
        int_overlap_entries.local_date as local_date,
        int_overlap_entries.day_start_second as day_start_second,
        int_overlap_pieces.start_second as start_second,
        int_overlap_pieces.end_second - int_overlap_pieces.start_second as seconds,
        int_overlap_entries.entry_seconds as entry_seconds,
        int_overlap_entries.is_first_day and int_overlap_pieces.is_first_piece as is_first_piece
    from int_overlap_pieces
    inner join int_overlap_entries
        on int_overlap_pieces.entry_id = int_overlap_entries.entry_id
        and int_overlap_pieces.local_date = int_overlap_entries.local_date
)

select * from final
