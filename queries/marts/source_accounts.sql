-- What became of the records of each file: records = entries + duplicates + set aside + blank + skipped.
-- Grain: one row per source.
-- Expect: unique(source_id), check(records = entries + duplicates + set_aside + blank + skipped)
-- Column: entries = Records taken in: counted entries, or rows of a CRM.

with

-- An entry cut at midnight is a duplicate when any of its days is one.
duplicates as (
    select distinct entry_id as entry_id
    from int_duplicates
),

overfull as (
    select distinct int_day_pieces.entry_id as entry_id
    from int_day_pieces
    inner join int_overfull_days
        on int_day_pieces.rep_number = int_overfull_days.rep_number
        and int_day_pieces.local_date = int_overfull_days.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is null
),

treated as (
    select
        int_entries.source_id as source_id,
        count(*) as landed,
        count(*) filter (where duplicates.entry_id is not null) as duplicates,
        count(*) filter (
            where duplicates.entry_id is null and (int_entries.problem is not null or overfull.entry_id is not null)
        ) as set_aside,
        count(*) filter (
            where duplicates.entry_id is null and int_entries.problem is null and overfull.entry_id is null
        ) as entries
    from int_entries
    left join duplicates
        on int_entries.entry_id = duplicates.entry_id
    left join overfull
        on int_entries.entry_id = overfull.entry_id
    group by int_entries.source_id
),

-- Rows of CRM exports that are no entries: opportunities, changes of stage, people.
others as (
    select
        source_id as source_id,
        count(*) as landed
    from stg_crm_rows
    group by source_id
),

final as (
    select
        -- ids
        stg_sources.source_id as source_id,
        -- dimensions
        stg_sources.file as file,
        stg_sources.sheet as sheet,
        stg_sources.target as target,
        -- measures
        stg_sources.records as records,
        coalesce(treated.entries, others.landed, 0) as entries,
        coalesce(treated.duplicates, 0) + stg_sources.duplicates as duplicates,
        coalesce(treated.set_aside, 0) + stg_sources.set_aside as set_aside,
        stg_sources.blank as blank,
        stg_sources.skipped as skipped
    from stg_sources
    left join treated
        on stg_sources.source_id = treated.source_id
    left join others
        on stg_sources.source_id = others.source_id
)

select * from final
