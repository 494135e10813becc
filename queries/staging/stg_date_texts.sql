-- Distinct date texts of each source, with the order of day and month that holds there.
-- Grain: one row per source and text.
-- Expect: unique(source_id, date_text), not_null(source_id, date_text)

with

texts as (
    select distinct
        source_id,
        date_text
    from stg_moments
    where date_text is not null
),

final as (
    select
        -- ids
        texts.source_id as source_id,
        -- dimensions
        texts.date_text as date_text,
        stg_sources.date_order as date_order,
        stg_sources.date_century as date_century,
        stg_sources.date_year as date_year,
        -- times
        cfg_settings.earliest_date as earliest_date,
        cfg_settings.latest_date as latest_date
    from texts
    left join stg_sources
        on texts.source_id = stg_sources.source_id
    cross join cfg_settings
)

select * from final
