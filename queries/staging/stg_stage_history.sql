-- Changes of stage of stage_history.csv, times as local wall-clock time of the study. An offset decides; without one a
-- time is the study's; a day is a day in every zone.
-- Grain: one row per line of stage_history.csv.
-- Expect: unique(line), not_null(line)
-- Kept: as a table
-- Column: line = Line of stage_history.csv.

with

-- Each distinct text is read once. A blank between day and time is a T, a Z an offset of nothing.
spelled as (
    select
        entered_at as entered_at,
        regexp_replace(
            regexp_replace(trim(entered_at), '^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}) +', '\1T'), ' ?[Zz]$', '+00:00'
        ) as spelling
    from raw_stage_events
    group by entered_at
),

typed as (
    select
        spelled.entered_at as entered_at,
        cfg_settings.time_zone as time_zone,
        cfg_settings.earliest_date as earliest_date,
        cfg_settings.latest_date as latest_date,
        coalesce(
            try_strptime(spelled.spelling, ['%Y-%m-%dT%H:%M:%S', '%Y-%m-%dT%H:%M', '%Y-%m-%d']),
            timezone(
                cfg_settings.time_zone, try_strptime(spelled.spelling, ['%Y-%m-%dT%H:%M:%S%z', '%Y-%m-%dT%H:%M%z'])
            )
        ) as local_at
    from spelled
    cross join cfg_settings
),

moments as (
    select
        entered_at as entered_at,
        time_zone as time_zone,
        cast(local_at as date) as entered_date,
        cast(date_diff('second', date_trunc('day', local_at), local_at) as bigint) as entered_local_second,
        coalesce(local_at between earliest_date and latest_date, false) as is_plausible
    from typed
),

final as (
    select
        -- ids
        raw_stage_events.line as line,
        trim(raw_stage_events.opportunity_id) as opportunity_id,
        -- dimensions
        trim(raw_stage_events.stage) as stage,
        moments.time_zone as time_zone,
        trim(raw_stage_events.entered_at) as entered_text,
        -- times
        moments.entered_date as entered_date,
        moments.entered_local_second as entered_local_second,
        -- measures
        moments.is_plausible as is_plausible
    from raw_stage_events
    inner join moments
        on raw_stage_events.entered_at is not distinct from moments.entered_at
)

select * from final
