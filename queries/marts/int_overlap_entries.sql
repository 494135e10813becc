-- Entries with clock times on days that have overlaps: the few that must be sorted out, duplicates included.
-- Grain: one row per entry and local day.
-- Expect: unique(entry_id, local_date), check(end_second > start_second)
-- Kept: as a table, by rep

with

final as (
    select int_day_pieces.*
    from int_day_pieces
    inner join int_overlap_days
        on int_day_pieces.rep_number = int_overlap_days.rep_number
        and int_day_pieces.local_date = int_overlap_days.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is not null
)

select * from final
