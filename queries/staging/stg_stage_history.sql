-- Changes of stage of stage_history.csv, times as local wall-clock time of the study. An offset decides; without one a
-- time is the study's; a day is a day in every zone.
-- Grain: one row per line of stage_history.csv.
-- Expect: unique(line), not_null(line)
-- Kept: as a table
-- Column: line = Line of stage_history.csv.

with

-- A blank between day and time is a T, a Z an offset of nothing.
spelled as (
    select
        line as line,
        trim(opportunity_id) as opportunity_id,
        trim(stage) as stage,
        trim(entered_at) as entered_text,
        regexp_replace(
            regexp_replace(trim(entered_at), '^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}) +', '\1T'), ' ?[Zz]$', '+00:00'
        ) as spelling
    from raw_stage_events
),

typed as (
    select
        spelled.*,
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

final as (
    select
        -- ids
        line as line,
        opportunity_id as opportunity_id,
        -- dimensions
        stage as stage,
        time_zone as time_zone,
        entered_text as entered_text,
        -- times
        cast(local_at as date) as entered_date,
        cast(date_diff('second', date_trunc('day', local_at), local_at) as bigint) as entered_local_second,
        -- measures
        coalesce(local_at between earliest_date and latest_date, false) as is_plausible
    from typed
)

select * from final
