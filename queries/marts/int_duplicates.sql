-- Entries that say again what another one says, and so do not count: lines that are there twice, and the same time told
-- in a better instrument. first_entry_id is the one that stands for it.
-- Grain: one row per duplicate entry and local day.
-- Expect: unique(entry_id, local_date), not_null(rule, seconds), check(entry_id <> first_entry_id)
-- Kept: as a table, by rep

with

final as (
    select
        entry_id as entry_id,
        first_entry_id as first_entry_id,
        rep_number as rep_number,
        'entry/duplicate' as rule,
        is_day_total as is_day_total,
        local_date as local_date,
        seconds as seconds
    from int_exact_duplicates
    union all
    select
        int_day_pieces.entry_id as entry_id,
        int_told_twice.counted_entry_id as first_entry_id,
        int_day_pieces.rep_number as rep_number,
        'entry/told_twice' as rule,
        false as is_day_total,
        int_day_pieces.local_date as local_date,
        int_day_pieces.seconds as seconds
    from int_day_pieces
    inner join int_told_twice
        on int_day_pieces.entry_id = int_told_twice.entry_id
)

select * from final
