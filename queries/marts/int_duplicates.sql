-- Entries that say again what an earlier line says, and so count once. With clock times: same rep, start, end,
-- label, account and opportunity. Without: the same line in another file, matched one to one, because two equal
-- lines in one file can be two true half hours.
-- Grain: one row per duplicate entry and local day.
-- Expect: unique(entry_id, local_date), check(entry_id <> first_entry_id)

with

placed as (
    select
        int_overlap_entries.*,
        row_number() over (
            partition by
                int_overlap_entries.rep_id, int_overlap_entries.local_date,
                int_overlap_entries.entry_start_second, int_overlap_entries.entry_end_second,
                lower(trim(int_overlap_entries.label)), int_overlap_entries.code,
                int_overlap_entries.account, int_overlap_entries.opportunity_id
            order by int_overlap_entries.entry_id
        ) as occurrence,
        min(int_overlap_entries.entry_id) over (
            partition by
                int_overlap_entries.rep_id, int_overlap_entries.local_date,
                int_overlap_entries.entry_start_second, int_overlap_entries.entry_end_second,
                lower(trim(int_overlap_entries.label)), int_overlap_entries.code,
                int_overlap_entries.account, int_overlap_entries.opportunity_id
        ) as first_entry_id
    from int_overlap_entries
),

numbered as (
    select
        int_day_pieces.*,
        row_number() over (
            partition by
                source_id, rep_id, local_date, seconds, lower(trim(label)), code, account, opportunity_id
            order by entry_id
        ) as number_in_source
    from int_day_pieces
    where problem is null
        and start_second is null
),

unplaced as (
    select
        numbered.*,
        row_number() over (
            partition by
                rep_id, local_date, seconds, lower(trim(label)), code, account, opportunity_id, number_in_source
            order by entry_id
        ) as occurrence,
        min(entry_id) over (
            partition by
                rep_id, local_date, seconds, lower(trim(label)), code, account, opportunity_id, number_in_source
        ) as first_entry_id
    from numbered
),

final as (
    select
        entry_id as entry_id,
        first_entry_id as first_entry_id,
        rep_id as rep_id,
        false as is_day_total,
        local_date as local_date,
        seconds as seconds
    from placed
    where occurrence > 1
    union all
    select
        entry_id as entry_id,
        first_entry_id as first_entry_id,
        rep_id as rep_id,
        true as is_day_total,
        local_date as local_date,
        seconds as seconds
    from unplaced
    where occurrence > 1
)

select * from final
