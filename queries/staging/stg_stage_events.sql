-- Changes of stage, times as local wall-clock time of the study: those of stage_history.csv, and of opportunities it does
-- not name those of the CRM exports among the logs. What several exports tell alike is one change; line numbers them all.
-- Grain: one row per change.
-- Expect: unique(line), not_null(line)
-- Column: line = Number of the change: lines of stage_history.csv first.

with

named as (
    select distinct opportunity_id
    from stg_stage_history
),

timed as (
    select
        raw_crm_stage_events.source_id as source_id,
        raw_crm_stage_events.line as line,
        trim(raw_crm_stage_events.opportunity_id) as opportunity_id,
        trim(raw_crm_stage_events.stage) as stage,
        trim(raw_crm_stage_events.entered_at) as entered_text,
        row_number() over (
            partition by
                trim(raw_crm_stage_events.opportunity_id),
                lower(trim(raw_crm_stage_events.stage)),
                coalesce(cast(stg_crm_moments.local_at as varchar), trim(raw_crm_stage_events.entered_at))
            order by stg_sources.file nulls last, raw_crm_stage_events.source_id, raw_crm_stage_events.line
        ) as place
    from raw_crm_stage_events
    left join stg_sources
        on raw_crm_stage_events.source_id = stg_sources.source_id
    left join stg_crm_moments
        on raw_crm_stage_events.source_id = stg_crm_moments.source_id
        and trim(raw_crm_stage_events.entered_at) = stg_crm_moments.moment_text
),

from_exports as (
    select
        timed.source_id as source_id,
        (timed.source_id + 1) * 4294967296 + timed.line as line,
        timed.opportunity_id as opportunity_id,
        timed.stage as stage,
        timed.entered_text as entered_text
    from timed
    left join named
        on timed.opportunity_id = named.opportunity_id
    where timed.place = 1
        and named.opportunity_id is null
),

exported as (
    select
        -- ids
        from_exports.line as line,
        from_exports.opportunity_id as opportunity_id,
        -- dimensions
        from_exports.stage as stage,
        cfg_settings.time_zone as time_zone,
        from_exports.entered_text as entered_text,
        -- times
        cast(stg_crm_moments.local_at as date) as entered_date,
        cast(
            date_diff('second', date_trunc('day', stg_crm_moments.local_at), stg_crm_moments.local_at) as bigint
        ) as entered_local_second,
        -- measures
        coalesce(stg_crm_moments.local_at between cfg_settings.earliest_date and cfg_settings.latest_date, false)
            as is_plausible
    from from_exports
    left join stg_crm_moments
        on from_exports.source_id = stg_crm_moments.source_id
        and from_exports.entered_text = stg_crm_moments.moment_text
    cross join cfg_settings
),

final as (
    select * from stg_stage_history
    union all
    select * from exported
)

select * from final
