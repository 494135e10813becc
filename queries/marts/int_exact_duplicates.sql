-- Entries that say again what an earlier line says, and so count once. With clock times: same instrument, rep, start,
-- end, label, account and opportunity; across instruments int_told_twice decides which one counts. Without: the same
-- line in another file, matched one to one, because two equal lines in one file can be two true half hours.
-- Grain: one row per duplicate entry and local day.
-- Expect: unique(entry_id, local_date), check(entry_id <> first_entry_id)
-- Kept: as a table, by rep

with

placed as (
    select
        int_overlap_entries.entry_id as entry_id,
        int_overlap_entries.rep_number as rep_number,
        int_overlap_entries.local_date as local_date,
        int_overlap_entries.seconds as seconds,
        row_number() over (
            partition by
                stg_sources.instrument, int_overlap_entries.rep_number, int_overlap_entries.local_date,
                int_overlap_entries.entry_start_second, int_overlap_entries.entry_end_second,
                lower(trim(stg_labels.label)), stg_labels.code,
                coalesce(accounts.plain_id, int_overlap_entries.account_text_id),
                coalesce(opportunities.plain_id, int_overlap_entries.opportunity_text_id)
            order by int_overlap_entries.entry_id
        ) as occurrence,
        min(int_overlap_entries.entry_id) over (
            partition by
                stg_sources.instrument, int_overlap_entries.rep_number, int_overlap_entries.local_date,
                int_overlap_entries.entry_start_second, int_overlap_entries.entry_end_second,
                lower(trim(stg_labels.label)), stg_labels.code,
                coalesce(accounts.plain_id, int_overlap_entries.account_text_id),
                coalesce(opportunities.plain_id, int_overlap_entries.opportunity_text_id)
        ) as first_entry_id
    from int_overlap_entries
    left join stg_sources
        on int_overlap_entries.source_id = stg_sources.source_id
    left join stg_labels
        on int_overlap_entries.wording_id = stg_labels.wording_id
    left join int_text_variants as accounts
        on int_overlap_entries.account_text_id = accounts.text_id
    left join int_text_variants as opportunities
        on int_overlap_entries.opportunity_text_id = opportunities.text_id
),

numbered as (
    select
        int_day_pieces.entry_id as entry_id,
        int_day_pieces.rep_number as rep_number,
        int_day_pieces.local_date as local_date,
        int_day_pieces.seconds as seconds,
        lower(trim(stg_labels.label)) as label_key,
        stg_labels.code as code,
        coalesce(accounts.plain_id, int_day_pieces.account_text_id) as account,
        coalesce(opportunities.plain_id, int_day_pieces.opportunity_text_id) as opportunity_id,
        row_number() over (
            partition by
                int_day_pieces.source_id, int_day_pieces.rep_number, int_day_pieces.local_date, int_day_pieces.seconds,
                lower(trim(stg_labels.label)), stg_labels.code,
                coalesce(accounts.plain_id, int_day_pieces.account_text_id),
                coalesce(opportunities.plain_id, int_day_pieces.opportunity_text_id)
            order by int_day_pieces.entry_id
        ) as number_in_source
    from int_day_pieces
    left join stg_labels
        on int_day_pieces.wording_id = stg_labels.wording_id
    left join int_text_variants as accounts
        on int_day_pieces.account_text_id = accounts.text_id
    left join int_text_variants as opportunities
        on int_day_pieces.opportunity_text_id = opportunities.text_id
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is null
),

unplaced as (
    select
        numbered.*,
        row_number() over (
            partition by
                rep_number, local_date, seconds, label_key, code, account, opportunity_id, number_in_source
            order by entry_id
        ) as occurrence,
        min(entry_id) over (
            partition by
                rep_number, local_date, seconds, label_key, code, account, opportunity_id, number_in_source
        ) as first_entry_id
    from numbered
),

final as (
    select
        entry_id as entry_id,
        first_entry_id as first_entry_id,
        rep_number as rep_number,
        false as is_day_total,
        local_date as local_date,
        seconds as seconds
    from placed
    where occurrence > 1
    union all
    select
        entry_id as entry_id,
        first_entry_id as first_entry_id,
        rep_number as rep_number,
        true as is_day_total,
        local_date as local_date,
        seconds as seconds
    from unplaced
    where occurrence > 1
)

select * from final
