-- Texts of durations that each source has, with the unit and decimal mark that hold there.
-- Grain: one row per source and text.
-- Expect: unique(source_id, text_id), not_null(source_id, text_id)

with

final as (
    select
        -- ids
        raw_source_texts.source_id as source_id,
        raw_source_texts.text_id as text_id,
        -- dimensions
        trim(raw_texts.text) as duration_text,
        stg_sources.duration_unit as duration_unit,
        stg_sources.decimal_mark as decimal_mark
    from raw_source_texts
    inner join raw_texts
        on raw_source_texts.text_id = raw_texts.text_id
    left join stg_sources
        on raw_source_texts.source_id = stg_sources.source_id
    where raw_texts.field = 'duration_text'
        and trim(raw_texts.text) <> ''
)

select * from final
