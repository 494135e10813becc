-- What was understood of each file and sheet, and what became of its rows.
-- Grain: one row per source.
-- Expect: unique(source_id), not_null(file, what)
-- Column: what = What the source is: the known export, or a log in columns of its own.
-- Column: entries = Records taken in: counted entries, or rows of a CRM.

with

final as (
    select
        -- ids
        stg_sources.source_id as source_id,
        -- dimensions
        stg_sources.file as file,
        stg_sources.sheet as sheet,
        case when stg_sources.layout = '' then 'log in columns of its own' else stg_sources.layout end as what,
        stg_sources.target as target,
        stg_sources.file_format as file_format,
        stg_sources.encoding as encoding,
        stg_sources.delimiter as delimiter,
        stg_sources.header_line as header_line,
        stg_sources.columns_understood as columns_understood,
        stg_sources.instrument as instrument,
        stg_sources.rep_default as rep_default,
        stg_sources.date_order as date_order,
        stg_sources.date_evidence as date_evidence,
        stg_sources.time_zone as time_zone,
        coalesce(stg_sources.zone_from, 'study') as zone_from,
        stg_sources.zone_reason as zone_reason,
        stg_sources.decimal_mark as decimal_mark,
        stg_sources.duration_unit as duration_unit,
        stg_sources.duration_evidence as duration_evidence,
        -- measures
        source_accounts.records as records,
        source_accounts.entries as entries,
        source_accounts.duplicates as duplicates,
        source_accounts.set_aside as set_aside,
        source_accounts.blank as blank,
        source_accounts.skipped as skipped
    from stg_sources
    inner join source_accounts
        on stg_sources.source_id = source_accounts.source_id
)

select * from final
order by file, sheet nulls first, source_id
