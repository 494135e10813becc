-- The accounts: time logged = time counted + removed as overlap + duplicates + set aside, to the second.
-- Each part is computed by its own way, so that the balance is a proof and not a definition.
-- Grain: one row per rep and local day; rep and day are null for rows that name none.
-- Expect: unique(rep_id, local_date), check(logged_seconds = counted_seconds + overlap_seconds + duplicate_seconds +
-- set_aside_seconds), check(counted_seconds <= 90000), check(overlap_seconds >= 0)
-- Kept: as a table, by rep

with

logged as (
    select
        int_day_pieces.rep_number as rep_number,
        int_day_pieces.local_date as local_date,
        cast(sum(int_day_pieces.seconds) as bigint) as logged_seconds,
        cast(sum(case when int_day_pieces.problem is not null then int_day_pieces.seconds else 0 end) as bigint)
            as problem_seconds,
        cast(sum(case when int_day_pieces.problem is null and int_day_pieces.start_second is null
            then int_day_pieces.seconds else 0 end) as bigint) as day_total_seconds
    from int_day_pieces
    group by
        int_day_pieces.rep_number,
        int_day_pieces.local_date
),

counted as (
    select
        int_work.rep_number as rep_number,
        int_work.local_date as local_date,
        cast(sum(int_work.seconds) as bigint) as counted_seconds
    from int_work
    group by
        int_work.rep_number,
        int_work.local_date
),

duplicates as (
    select
        int_duplicates.rep_number as rep_number,
        int_duplicates.local_date as local_date,
        cast(sum(int_duplicates.seconds) as bigint) as duplicate_seconds,
        cast(sum(case when int_duplicates.is_day_total then int_duplicates.seconds else 0 end) as bigint)
            as day_total_duplicate_seconds
    from int_duplicates
    group by
        int_duplicates.rep_number,
        int_duplicates.local_date
),

-- Overlap by the running end: what lies before it was on the clock already.
reaches as (
    select
        int_overlap_entries.rep_number as rep_number,
        int_overlap_entries.local_date as local_date,
        int_overlap_entries.start_second as start_second,
        int_overlap_entries.end_second as end_second,
        max(int_overlap_entries.end_second) over (
            partition by int_overlap_entries.rep_number, int_overlap_entries.local_date
            order by int_overlap_entries.start_second, int_overlap_entries.end_second, int_overlap_entries.entry_id
            rows between unbounded preceding and 1 preceding
        ) as reached_second
    from int_overlap_entries
    left join int_duplicates
        on int_overlap_entries.entry_id = int_duplicates.entry_id
        and int_overlap_entries.local_date = int_duplicates.local_date
    where int_duplicates.entry_id is null
),

overlapping as (
    select
        rep_number as rep_number,
        local_date as local_date,
        cast(sum(least(greatest(reached_second - start_second, 0), end_second - start_second)) as bigint)
            as overlap_seconds
    from reaches
    where reached_second is not null
    group by
        rep_number,
        local_date
),

final as (
    select
        -- ids
        int_rep_numbers.rep_id as rep_id,
        -- times
        logged.local_date as local_date,
        -- measures
        logged.logged_seconds as logged_seconds,
        coalesce(counted.counted_seconds, 0) as counted_seconds,
        coalesce(overlapping.overlap_seconds, 0) as overlap_seconds,
        coalesce(duplicates.duplicate_seconds, 0) as duplicate_seconds,
        logged.problem_seconds + case
            when int_overfull_days.rep_number is null then 0
            else logged.day_total_seconds - coalesce(duplicates.day_total_duplicate_seconds, 0)
        end as set_aside_seconds
    from logged
    left join int_rep_numbers
        on logged.rep_number = int_rep_numbers.text_id
    left join counted
        on logged.rep_number = counted.rep_number
        and logged.local_date = counted.local_date
    left join duplicates
        on logged.rep_number = duplicates.rep_number
        and logged.local_date = duplicates.local_date
    left join overlapping
        on logged.rep_number = overlapping.rep_number
        and logged.local_date = overlapping.local_date
    left join int_overfull_days
        on logged.rep_number = int_overfull_days.rep_number
        and logged.local_date = int_overfull_days.local_date
)

select * from final
