-- Texts of times of opportunities and of exported changes of stage, as local wall-clock time of the study: of each
-- source, and of opportunities.csv as source 0. An offset decides; without one a time is in the zone of its source; a day is a
-- day in every zone.
-- Grain: one row per source and text.
-- Expect: unique(source_id, moment_text), not_null(source_id, moment_text)
-- Column: moment_text = Time, as the CRM export tells it.
-- Column: local_at = The time by the clock of the study; null where it cannot be read.

with

texts as (
    select source_id as source_id, trim(created_on) as moment_text from raw_crm_opportunities
    union
    select source_id as source_id, trim(closed_on) as moment_text from raw_crm_opportunities
    union
    select source_id as source_id, trim(entered_at) as moment_text from raw_crm_stage_events
    union
    select 0 as source_id, trim(created_on) as moment_text from raw_opportunities
    union
    select 0 as source_id, trim(closed_on) as moment_text from raw_opportunities
),

-- A blank between day and time is a T, a Z an offset of nothing.
spelled as (
    select
        texts.source_id as source_id,
        texts.moment_text as moment_text,
        regexp_replace(
            regexp_replace(texts.moment_text, '^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}) +', '\1T'), ' ?[Zz]$', '+00:00'
        ) as spelling,
        coalesce(stg_sources.time_zone, cfg_settings.time_zone) as source_zone,
        cfg_settings.time_zone as time_zone
    from texts
    left join stg_sources
        on texts.source_id = stg_sources.source_id
    cross join cfg_settings
    where texts.moment_text <> ''
),

final as (
    select
        -- ids
        source_id as source_id,
        -- dimensions
        moment_text as moment_text,
        -- times
        coalesce(
            timezone(time_zone, try_strptime(spelling, ['%Y-%m-%dT%H:%M:%S%z', '%Y-%m-%dT%H:%M%z'])),
            timezone(
                time_zone, timezone(source_zone, try_strptime(spelling, ['%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M']))
            ),
            try_strptime(spelling, ['%Y-%m-%d'])
        ) as local_at
    from spelled
)

select * from final
