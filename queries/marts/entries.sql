-- Counted time: what remains of the logs when overlaps, duplicates and unreadable rows are out, with its activity.
-- start_second and end_second count from 1970-01-01 UTC and are null for day totals; local_start_second counts
-- from local midnight; logged_seconds is the length the rep wrote, seconds the part of it that counts here.
-- Grain: one row per entry and uninterrupted stretch of it; an entry that names several activities has one row for
-- each.
-- Expect: not_null(entry_id, rep_id, activity_code, category, local_date, seconds), check(seconds > 0),
-- check(end_second is null or end_second - start_second = seconds)

with

undisturbed as (
    select
        int_day_pieces.entry_id as entry_id,
        int_day_pieces.source_id as source_id,
        int_day_pieces.line as line,
        int_day_pieces.rep_id as rep_id,
        int_day_pieces.opportunity_id as opportunity_id,
        int_day_pieces.instrument as instrument,
        int_day_pieces.label as label,
        int_day_pieces.code as code,
        int_day_pieces.account as account,
        int_day_pieces.stage as stage,
        int_day_pieces.channel as channel,
        int_day_pieces.rework as rework,
        int_day_pieces.could_do as could_do,
        int_day_pieces.waiting_on as waiting_on,
        int_day_pieces.local_date as local_date,
        int_day_pieces.day_start_second as day_start_second,
        int_day_pieces.start_second as start_second,
        int_day_pieces.seconds as seconds,
        int_day_pieces.entry_seconds as entry_seconds,
        int_day_pieces.is_first_day as is_first_piece
    from int_day_pieces
    left join int_overlap_days
        on int_day_pieces.rep_id = int_overlap_days.rep_id
        and int_day_pieces.local_date = int_overlap_days.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is not null
        and int_overlap_days.rep_id is null
),

sorted_out as (
    select
        int_overlap_entries.entry_id as entry_id,
        int_overlap_entries.source_id as source_id,
        int_overlap_entries.line as line,
        int_overlap_entries.rep_id as rep_id,
        int_overlap_entries.opportunity_id as opportunity_id,
        int_overlap_entries.instrument as instrument,
        int_overlap_entries.label as label,
        int_overlap_entries.code as code,
        int_overlap_entries.account as account,
        int_overlap_entries.stage as stage,
        int_overlap_entries.channel as channel,
        int_overlap_entries.rework as rework,
        int_overlap_entries.could_do as could_do,
        int_overlap_entries.waiting_on as waiting_on,
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
),

day_totals as (
    select
        int_day_pieces.entry_id as entry_id,
        int_day_pieces.source_id as source_id,
        int_day_pieces.line as line,
        int_day_pieces.rep_id as rep_id,
        int_day_pieces.opportunity_id as opportunity_id,
        int_day_pieces.instrument as instrument,
        int_day_pieces.label as label,
        int_day_pieces.code as code,
        int_day_pieces.account as account,
        int_day_pieces.stage as stage,
        int_day_pieces.channel as channel,
        int_day_pieces.rework as rework,
        int_day_pieces.could_do as could_do,
        int_day_pieces.waiting_on as waiting_on,
        int_day_pieces.local_date as local_date,
        int_day_pieces.day_start_second as day_start_second,
        int_day_pieces.start_second as start_second,
        int_day_pieces.seconds as seconds,
        int_day_pieces.entry_seconds as entry_seconds,
        true as is_first_piece
    from int_day_pieces
    left join int_duplicates
        on int_day_pieces.entry_id = int_duplicates.entry_id
        and int_day_pieces.local_date = int_duplicates.local_date
    left join int_overfull_days
        on int_day_pieces.rep_id = int_overfull_days.rep_id
        and int_day_pieces.local_date = int_overfull_days.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is null
        and int_duplicates.entry_id is null
        and int_overfull_days.rep_id is null
),

pieces as (
    select * from undisturbed
    union all
    select * from sorted_out
    union all
    select * from day_totals
),

-- Several activities in one label share its time equally, in the order they are named.
parted as (
    select
        pieces.*,
        coalesce(int_labels.part_number, 1) as part_number,
        coalesce(int_labels.parts, 1) as parts,
        coalesce(int_labels.activity_code, 'U') as activity_code,
        coalesce(int_labels.rule_id, 'no-label') as rule_id,
        coalesce(int_labels.matched_by, 'none') as matched_by,
        case
            when coalesce(int_labels.part_number, 1) = 1 then 0
            else cast(floor(cast(pieces.seconds * (int_labels.part_number - 1) as double) / int_labels.parts) as bigint)
        end as part_from,
        case
            when coalesce(int_labels.part_number, 1) = coalesce(int_labels.parts, 1) then pieces.seconds
            else cast(floor(cast(pieces.seconds * int_labels.part_number as double) / int_labels.parts) as bigint)
        end as part_to
    from pieces
    left join int_labels
        on coalesce(pieces.label, '') = coalesce(int_labels.label, '')
        and coalesce(pieces.code, '') = coalesce(int_labels.code, '')
),

final as (
    select
        -- ids
        parted.entry_id as entry_id,
        parted.source_id as source_id,
        parted.line as line,
        parted.rep_id as rep_id,
        parted.opportunity_id as opportunity_id,
        parted.activity_code as activity_code,
        parted.rule_id as rule_id,
        -- dimensions
        cfg_taxonomy.category as category,
        parted.matched_by as matched_by,
        parted.label as label,
        parted.account as account,
        parted.stage as stage,
        parted.channel as channel,
        parted.rework as rework,
        parted.could_do as could_do,
        parted.waiting_on as waiting_on,
        parted.instrument as instrument,
        parted.part_number as part_number,
        parted.parts as parts,
        parted.is_first_piece as is_first_piece,
        -- times
        parted.local_date as local_date,
        parted.start_second + parted.part_from as start_second,
        parted.start_second + parted.part_to as end_second,
        parted.start_second + parted.part_from - parted.day_start_second as local_start_second,
        -- measures
        parted.part_to - parted.part_from as seconds,
        cast(floor(cast(parted.entry_seconds as double) / parted.parts) as bigint) as logged_seconds
    from parted
    inner join cfg_taxonomy
        on parted.activity_code = cfg_taxonomy.activity_code
    where parted.part_to > parted.part_from
)

select * from final
