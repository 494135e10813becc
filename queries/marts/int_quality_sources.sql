-- Lengths of the readable entries of each source and rep, by the grid they lie on, and how many say when they were
-- written. Lengths are those the rep wrote.
-- Grain: one row per source and rep.
-- Expect: unique(source_id, rep_number), check(on_60 <= on_30 and on_30 <= on_15 and on_15 <= on_5)
-- Kept: as a table, by rep

with

lengths as (
    select
        source_id,
        rep_number,
        seconds,
        count(*) as entries,
        count(*) filter (where start_second is not null) as placed_entries,
        count(*) filter (where written_after_seconds is not null) as written_entries
    from int_entries
    where problem is null
    group by
        source_id,
        rep_number,
        seconds
),

final as (
    select
        -- ids
        source_id as source_id,
        rep_number as rep_number,
        -- measures
        cast(sum(entries) as bigint) as entries,
        cast(sum(placed_entries) as bigint) as placed_entries,
        cast(sum(written_entries) as bigint) as written_entries,
        cast(sum(case when floor(cast(seconds as double) / 300) * 300 = seconds then entries else 0 end) as bigint) as on_5,
        cast(sum(case when floor(cast(seconds as double) / 900) * 900 = seconds then entries else 0 end) as bigint) as on_15,
        cast(sum(case when floor(cast(seconds as double) / 1800) * 1800 = seconds then entries else 0 end) as bigint)
            as on_30,
        cast(sum(case when floor(cast(seconds as double) / 3600) * 3600 = seconds then entries else 0 end) as bigint)
            as on_60
    from lengths
    group by
        source_id,
        rep_number
)

select * from final
