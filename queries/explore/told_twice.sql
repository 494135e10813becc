-- Which instruments tell the same time, and how many hours does each tell? counted_instrument is empty for what counts.
-- Grain: one row per instrument and the instrument that counts in its place.

with

counted as (
    select
        instrument,
        cast(null as string) as counted_instrument,
        count(distinct entry_id) as entries,
        sum(seconds) as seconds,
        cast(null as bigint) as overlap_seconds
    from entries
    group by instrument
),

told_twice as (
    select
        instrument,
        counted_instrument,
        count(*) as entries,
        sum(seconds) as seconds,
        sum(overlap_seconds) as overlap_seconds
    from same_time
    group by
        instrument,
        counted_instrument
),

together as (
    select * from counted
    union all
    select * from told_twice
),

final as (
    select
        -- dimensions
        instrument as instrument,
        counted_instrument as counted_instrument,
        -- measures
        entries as entries,
        round(cast(seconds as double) / 3600, 1) as hours,
        round(cast(overlap_seconds as double) / 3600, 1) as hours_in_both
    from together
)

select * from final
order by instrument, counted_instrument nulls first
