-- Changes of stage as the CRM export gives them, times as local wall-clock time of the study.
-- Grain: one row per line of stage_history.csv.
-- Expect: unique(line), not_null(line)

with

typed as (
    select
        raw_stage_events.line as line,
        trim(raw_stage_events.opportunity_id) as opportunity_id,
        trim(raw_stage_events.stage) as stage,
        trim(raw_stage_events.entered_at) as entered_text,
        try_strptime(
            trim(raw_stage_events.entered_at),
            ['%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M', '%Y-%m-%d']
        ) as entered
    from raw_stage_events
),

final as (
    select
        -- ids
        typed.line as line,
        typed.opportunity_id as opportunity_id,
        -- dimensions
        typed.stage as stage,
        cfg_settings.time_zone as time_zone,
        typed.entered_text as entered_text,
        -- times
        cast(typed.entered as date) as entered_date,
        cast(date_diff('second', date_trunc('day', typed.entered), typed.entered) as bigint) as entered_local_second,
        -- measures
        coalesce(typed.entered between cfg_settings.earliest_date and cfg_settings.latest_date, false) as is_plausible
    from typed
    cross join cfg_settings
)

select * from final
