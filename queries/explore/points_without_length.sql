-- Which entries have no length of their own? Entries that are a point in time, and were given a length by the settings,
-- and rows set aside because nothing tells how long they lasted, file by file. Files can be named after people: for the
-- consultant's own check alone.
-- Grain: one row per file or sheet of entries.

with

counted as (
    select
        source_id,
        count(distinct entry_id) as counted_entries,
        count(distinct case when is_imputed then entry_id end) as imputed_entries,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when is_imputed then seconds else 0 end) as bigint) as imputed_seconds
    from entries
    group by source_id
),

without_time as (
    select
        source_id,
        count(distinct line) as records
    from issues
    where rule = 'entry/no_time'
        and treatment = 'set_aside'
    group by source_id
),

final as (
    select
        -- ids
        source_accounts.source_id as source_id,
        -- dimensions
        source_accounts.file as file,
        source_accounts.sheet as sheet,
        -- measures
        source_accounts.records as records,
        coalesce(counted.counted_entries, 0) as counted_entries,
        coalesce(counted.imputed_entries, 0) as imputed_entries,
        coalesce(without_time.records, 0) as set_aside_without_length,
        round(cast(coalesce(counted.seconds, 0) as double) / 3600, 1) as hours,
        round(cast(coalesce(counted.imputed_seconds, 0) as double) / 3600, 1) as imputed_hours
    from source_accounts
    left join counted
        on source_accounts.source_id = counted.source_id
    left join without_time
        on source_accounts.source_id = without_time.source_id
    where source_accounts.target = 'entries'
)

select * from final
order by imputed_hours + set_aside_without_length desc, file, sheet nulls first, source_id
