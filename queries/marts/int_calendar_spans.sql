-- First and last day that the calendar must cover, for each time zone.
-- Grain: one row per time zone.
-- Expect: unique(time_zone), not_null(time_zone, first_date, last_date)

with

-- A rep may log in any source: in the rep's zone all days are needed.
rep_zones as (
    select distinct stg_reps.time_zone as time_zone
    from stg_reps
    where stg_reps.time_zone is not null
),

days as (
    select
        stg_sources.time_zone as time_zone,
        int_dates.local_date as local_date
    from int_dates
    inner join stg_sources
        on int_dates.source_id = stg_sources.source_id
    where int_dates.local_date is not null
    union all
    select
        stg_stage_events.time_zone as time_zone,
        stg_stage_events.entered_date as local_date
    from stg_stage_events
    where stg_stage_events.is_plausible
    union all
    select
        cfg_settings.time_zone as time_zone,
        int_dates.local_date as local_date
    from int_dates
    cross join cfg_settings
    where int_dates.local_date is not null
    union all
    select
        rep_zones.time_zone as time_zone,
        int_dates.local_date as local_date
    from int_dates
    cross join rep_zones
    where int_dates.local_date is not null
),

final as (
    select
        time_zone as time_zone,
        min(local_date) as first_date,
        max(local_date) as last_date
    from days
    group by time_zone
)

select * from final
