-- Distinct duration texts of each source, with the unit and decimal mark that hold there.
-- Grain: one row per source and text.
-- Expect: unique(source_id, duration_text), not_null(source_id, duration_text)
-- Kept: as a table

with

texts as (
    select distinct
        source_id,
        duration_text
    from stg_records
    where duration_text is not null
),

final as (
    select
        texts.source_id as source_id,
        texts.duration_text as duration_text,
        stg_sources.duration_unit as duration_unit,
        stg_sources.decimal_mark as decimal_mark
    from texts
    inner join stg_sources
        on texts.source_id = stg_sources.source_id
)

select * from final
order by source_id, duration_text
