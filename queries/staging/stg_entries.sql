-- Rows of the logs, each text by the number that it has in stg_texts; wording_id numbers label and code in stg_labels.
-- Grain: one row per record of a log file.
-- Column: line = Line of the file, counted from 1, in spans of line_span for its parts.
-- Column: entry_id = Number of the record: of its source and line, the same in every build.
-- Column: rep_text_id = Number in raw_texts of who logged: the text of the row, else that of the source.

with

final as (
    select
        -- ids
        raw_entries.source_id * 4294967296 + raw_entries.line as entry_id,
        raw_entries.source_id as source_id,
        raw_entries.line as line,
        coalesce(raw_entries.rep_text_id, stg_sources.rep_default_text_id) as rep_text_id,
        coalesce(raw_entries.code_text_id, 0) * 4294967296 + coalesce(raw_entries.label_text_id, 0) as wording_id,
        raw_entries.opportunity_text_id as opportunity_text_id,
        raw_entries.account_text_id as account_text_id,
        raw_entries.stage_text_id as stage_text_id,
        raw_entries.channel_text_id as channel_text_id,
        raw_entries.rework_text_id as rework_text_id,
        raw_entries.could_do_text_id as could_do_text_id,
        raw_entries.waiting_on_text_id as waiting_on_text_id,
        -- dimensions
        stg_sources.time_zone as time_zone,
        stg_sources.zone_from is not null as has_own_zone,
        -- times
        raw_entries.date_text_id as date_text_id,
        raw_entries.start_text_id as start_text_id,
        raw_entries.end_date_text_id as end_date_text_id,
        raw_entries.end_text_id as end_text_id,
        raw_entries.duration_text_id as duration_text_id,
        raw_entries.logged_text_id as logged_text_id
    from raw_entries
    left join stg_sources
        on raw_entries.source_id = stg_sources.source_id
)

select * from final
