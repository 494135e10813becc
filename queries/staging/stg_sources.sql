-- Files and sheets that were read, with what was understood of each.
-- Grain: one row per file, or per sheet of a workbook.
-- Expect: unique(source_id), not_null(source_id, file, time_zone, records)
-- Column: zone_from = What tells the zone: settings or layout; null for the study's.
-- Column: rep_default_text_id = Number in raw_texts of whose the rows are that name nobody.
-- Column: duplicates = Rows that the reader left out because other rows tell the same.
-- Column: set_aside = Rows that the reader could not take.

with

settings as (
    select * from cfg_settings
),

final as (
    select
        -- ids
        raw_sources.source_id as source_id,
        -- dimensions
        raw_sources.file as file,
        raw_sources.sheet as sheet,
        raw_sources.file_format as file_format,
        raw_sources.layout as layout,
        raw_sources.target as target,
        raw_sources.instrument as instrument,
        coalesce(nullif(raw_sources.time_zone, ''), settings.time_zone) as time_zone,
        nullif(raw_sources.zone_from, '') as zone_from,
        raw_sources.zone_reason as zone_reason,
        raw_sources.rep_default as rep_default,
        raw_sources.rep_default_text_id as rep_default_text_id,
        raw_sources.encoding as encoding,
        raw_sources.delimiter as delimiter,
        raw_sources.header_line as header_line,
        raw_sources.columns_understood as columns_understood,
        raw_sources.date_order as date_order,
        raw_sources.date_evidence as date_evidence,
        raw_sources.date_century as date_century,
        raw_sources.date_year as date_year,
        raw_sources.decimal_mark as decimal_mark,
        raw_sources.duration_unit as duration_unit,
        raw_sources.duration_evidence as duration_evidence,
        -- measures
        raw_sources.records as records,
        raw_sources.blank as blank,
        raw_sources.skipped as skipped,
        raw_sources.duplicates as duplicates,
        raw_sources.set_aside as set_aside,
        raw_sources.line_span as line_span
    from raw_sources
    cross join settings
)

select * from final
