-- Days of a rep on which day totals (hours without clock times), with the time on the clock, exceed 24 hours.
-- Grain: one row per rep and local day.
-- Expect: unique(rep_number, local_date)
-- Kept: as a table, by rep

with

totals as (
    select
        int_day_pieces.rep_number as rep_number,
        int_day_pieces.local_date as local_date,
        cast(sum(int_day_pieces.seconds) as bigint) as seconds
    from int_day_pieces
    left join int_duplicates
        on int_day_pieces.entry_id = int_duplicates.entry_id
        and int_day_pieces.local_date = int_duplicates.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is null
        and int_duplicates.entry_id is null
    group by
        int_day_pieces.rep_number,
        int_day_pieces.local_date
),

on_clock as (
    select
        int_day_pieces.rep_number as rep_number,
        int_day_pieces.local_date as local_date,
        cast(sum(int_day_pieces.seconds) as bigint) as seconds
    from int_day_pieces
    inner join totals
        on int_day_pieces.rep_number = totals.rep_number
        and int_day_pieces.local_date = totals.local_date
    left join int_overlap_days
        on int_day_pieces.rep_number = int_overlap_days.rep_number
        and int_day_pieces.local_date = int_overlap_days.local_date
    left join int_duplicates
        on int_day_pieces.entry_id = int_duplicates.entry_id
        and int_day_pieces.local_date = int_duplicates.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is not null
        and int_overlap_days.rep_number is null
        and int_duplicates.entry_id is null
    group by
        int_day_pieces.rep_number,
        int_day_pieces.local_date
    union all
    select
        int_overlap_pieces.rep_number as rep_number,
        int_overlap_pieces.local_date as local_date,
        cast(sum(int_overlap_pieces.end_second - int_overlap_pieces.start_second) as bigint) as seconds
    from int_overlap_pieces
    inner join totals
        on int_overlap_pieces.rep_number = totals.rep_number
        and int_overlap_pieces.local_date = totals.local_date
    group by
        int_overlap_pieces.rep_number,
        int_overlap_pieces.local_date
),

final as (
    select
        totals.rep_number as rep_number,
        totals.local_date as local_date,
        totals.seconds + coalesce(on_clock.seconds, 0) as seconds
    from totals
    left join on_clock
        on totals.rep_number = on_clock.rep_number
        and totals.local_date = on_clock.local_date
    where totals.seconds + coalesce(on_clock.seconds, 0) > 86400
)

select * from final
