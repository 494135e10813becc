-- Counted time with its activity; several activities in one label share its time equally, in the order they are named.
-- Grain: one row per entry and uninterrupted stretch of it; an entry that names several activities has one row for
-- each.
-- Kept: as a view

with

parted as (
    select
        int_pieces.*,
        int_wordings.activity_code as activity_code,
        int_wordings.rule_id as rule_id,
        int_wordings.category as category,
        int_wordings.matched_by as matched_by,
        int_wordings.part_number as part_number,
        int_wordings.parts as parts,
        case
            when int_wordings.part_number = 1 then 0
            else cast(
                floor(cast(int_pieces.seconds * (int_wordings.part_number - 1) as double) / int_wordings.parts) as bigint
            )
        end as part_from,
        case
            when int_wordings.part_number = int_wordings.parts then int_pieces.seconds
            else cast(
                floor(cast(int_pieces.seconds * int_wordings.part_number as double) / int_wordings.parts) as bigint
            )
        end as part_to
    from int_pieces
    left join int_wordings
        on int_pieces.wording_id = int_wordings.wording_id
),

final as (
    select
        -- ids
        entry_id as entry_id,
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        wording_id as wording_id,
        activity_code as activity_code,
        rule_id as rule_id,
        opportunity_text_id as opportunity_text_id,
        account_text_id as account_text_id,
        stage_text_id as stage_text_id,
        channel_text_id as channel_text_id,
        rework_text_id as rework_text_id,
        could_do_text_id as could_do_text_id,
        waiting_on_text_id as waiting_on_text_id,
        -- dimensions
        category as category,
        matched_by as matched_by,
        part_number as part_number,
        parts as parts,
        is_first_piece as is_first_piece,
        -- times
        local_date as local_date,
        start_second + part_from as start_second,
        start_second + part_to as end_second,
        start_second + part_from - day_start_second as local_start_second,
        -- measures
        part_to - part_from as seconds,
        case when parts = 1 then entry_seconds else cast(floor(cast(entry_seconds as double) / parts) as bigint) end
            as logged_seconds
    from parted
    where part_to > part_from
)

select * from final
