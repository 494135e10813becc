-- What each entry keeps of the clock on days with overlaps. An entry inside another interrupts it and keeps all
-- its time; entries that merely overlap share the common time equally, the earlier one first.
-- Grain: one row per entry and stretch of the clock that it keeps.
-- Expect: unique(entry_id, start_second), check(end_second > start_second)
-- Kept: as a table, by rep

with

used as (
    select account_text_id as text_id from int_overlap_entries
    union
    select opportunity_text_id as text_id from int_overlap_entries
),

texts as (
    select stg_texts.*
    from used
    inner join stg_texts
        on used.text_id = stg_texts.text_id
),

pieces as (
    select
        int_overlap_entries.entry_id as entry_id,
        int_overlap_entries.rep_number as rep_number,
        lower(trim(stg_labels.label)) as label_key,
        stg_labels.code as code,
        accounts.value as account,
        opportunities.value as opportunity_id,
        int_overlap_entries.local_date as local_date,
        int_overlap_entries.start_second as start_second,
        int_overlap_entries.end_second as end_second,
        int_overlap_entries.entry_start_second as entry_start_second,
        int_overlap_entries.entry_end_second as entry_end_second
    from int_overlap_entries
    left join stg_labels
        on int_overlap_entries.wording_id = stg_labels.wording_id
    left join texts as accounts
        on int_overlap_entries.account_text_id = accounts.text_id
    left join texts as opportunities
        on int_overlap_entries.opportunity_text_id = opportunities.text_id
    left join int_duplicates
        on int_overlap_entries.entry_id = int_duplicates.entry_id
        and int_overlap_entries.local_date = int_duplicates.local_date
    where int_duplicates.entry_id is null
),

edges as (
    select rep_number, local_date, start_second as edge_second from pieces
    union
    select rep_number, local_date, end_second as edge_second from pieces
),

segments as (
    select
        rep_number,
        local_date,
        edge_second as segment_start,
        lead(edge_second) over (partition by rep_number, local_date order by edge_second) as segment_end
    from edges
),

covering as (
    select
        pieces.entry_id as entry_id,
        pieces.rep_number as rep_number,
        pieces.label_key as label_key,
        pieces.code as code,
        pieces.account as account,
        pieces.opportunity_id as opportunity_id,
        pieces.local_date as local_date,
        pieces.start_second as start_second,
        pieces.end_second as end_second,
        pieces.entry_start_second as entry_start_second,
        pieces.entry_end_second as entry_end_second,
        segments.segment_start as segment_start,
        segments.segment_end as segment_end
    from segments
    inner join pieces
        on segments.rep_number = pieces.rep_number
        and segments.local_date = pieces.local_date
        and pieces.start_second <= segments.segment_start
        and pieces.end_second >= segments.segment_end
    where segments.segment_end is not null
),

-- An entry that holds another one within itself, midnight or not, is interrupted while the other lasts.
interrupted as (
    select distinct
        outer_entries.entry_id as entry_id,
        outer_entries.segment_start as segment_start
    from covering as outer_entries
    inner join covering as inner_entries
        on outer_entries.rep_number = inner_entries.rep_number
        and outer_entries.local_date = inner_entries.local_date
        and outer_entries.segment_start = inner_entries.segment_start
        and outer_entries.entry_start_second <= inner_entries.entry_start_second
        and outer_entries.entry_end_second >= inner_entries.entry_end_second
        and outer_entries.entry_end_second - outer_entries.entry_start_second
        > inner_entries.entry_end_second - inner_entries.entry_start_second
),

-- Who comes first is told by what was logged, not by the line it stands on: a file in another order gives the same.
sharing as (
    select
        covering.*,
        row_number() over (
            partition by covering.rep_number, covering.local_date, covering.segment_start
            order by
                covering.start_second, covering.end_second, covering.label_key nulls last, covering.code nulls last,
                covering.account nulls last, covering.opportunity_id nulls last, covering.entry_id
        ) as place,
        count(*) over (
            partition by covering.rep_number, covering.local_date, covering.segment_start
        ) as sharers
    from covering
    left join interrupted
        on covering.entry_id = interrupted.entry_id
        and covering.segment_start = interrupted.segment_start
    where interrupted.entry_id is null
),

cuts as (
    select
        entry_id,
        rep_number,
        local_date,
        segment_start + cast(
            floor(cast((segment_end - segment_start) * (place - 1) as double) / sharers) as bigint
        ) as start_second,
        segment_start + cast(
            floor(cast((segment_end - segment_start) * place as double) / sharers) as bigint
        ) as end_second
    from sharing
),

final as (
    select
        -- ids
        entry_id as entry_id,
        rep_number as rep_number,
        -- dimensions
        row_number() over (partition by entry_id order by start_second) = 1 as is_first_piece,
        -- times
        local_date as local_date,
        start_second as start_second,
        end_second as end_second
    from cuts
    where end_second > start_second
)

select * from final
