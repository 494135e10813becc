-- What log quality needs to know of the whole study: its time, and what could be measured at all.
-- Grain: one row.
-- Expect: check(reps >= 0)

with

clock as (
    select
        cast(coalesce(sum(counted_seconds), 0) as bigint) as counted_seconds,
        cast(coalesce(sum(worked_seconds), 0) as bigint) as worked_seconds,
        cast(coalesce(sum(selling_seconds), 0) as bigint) as selling_seconds,
        cast(coalesce(sum(entries), 0) as bigint) as entries,
        cast(coalesce(sum(selling_entries), 0) as bigint) as selling_entries,
        cast(coalesce(sum(unclassified_seconds), 0) as bigint) as unclassified_seconds,
        count(distinct rep_number) as reps
    from int_quality_days
),

lengths as (
    select
        cast(coalesce(sum(entries), 0) as bigint) as lengths,
        cast(coalesce(sum(placed_entries), 0) as bigint) as placed_entries,
        cast(coalesce(sum(written_entries), 0) as bigint) as written_entries,
        cast(coalesce(sum(on_5), 0) as bigint) as on_5,
        cast(coalesce(sum(on_15), 0) as bigint) as on_15,
        cast(coalesce(sum(on_30), 0) as bigint) as on_30,
        cast(coalesce(sum(on_60), 0) as bigint) as on_60
    from int_quality_sources
),

several as (
    select count(*) as days_of_several_sources
    from (
        select
            rep_number,
            local_date
        from int_quality_days
        group by
            rep_number,
            local_date
        having count(*) > 1
    ) as told_by_several
),

instruments as (
    select
        count(*) filter (where instrument = 'calendar') as calendars,
        count(distinct instrument) as instruments
    from stg_sources
),

span as (
    select
        cast(coalesce(max(weeks), 0) as bigint) as weeks,
        cast(coalesce(max(days), 0) as bigint) as days
    from (
        select
            rep_id,
            count(distinct week_start_date) as weeks,
            count(*) filter (where counted_seconds > 0) as days
        from coverage_days
        where wave_number is not null
        group by rep_id
    ) as of_reps
),

coverage as (
    select
        cast(coalesce(sum(expected_seconds), 0) as bigint) as expected_seconds,
        cast(coalesce(sum(least(counted_seconds, expected_seconds)), 0) as bigint) as covered_seconds,
        count(*) filter (where status in ('full', 'thin', 'part', 'missing')) as expected_days
    from coverage_days
),

roster as (
    select count(*) as roster
    from stg_reps
),

final as (
    select
        clock.*,
        lengths.lengths as lengths,
        lengths.placed_entries as placed_entries,
        lengths.written_entries as written_entries,
        lengths.on_5 as on_5,
        lengths.on_15 as on_15,
        lengths.on_30 as on_30,
        lengths.on_60 as on_60,
        several.days_of_several_sources as days_of_several_sources,
        instruments.calendars as calendars,
        instruments.instruments as instruments,
        span.weeks as weeks,
        span.days as days,
        coverage.expected_seconds as expected_seconds,
        coverage.covered_seconds as covered_seconds,
        coverage.expected_days as expected_days,
        roster.roster as roster
    from clock
    cross join lengths
    cross join several
    cross join instruments
    cross join span
    cross join coverage
    cross join roster
)

select * from final
