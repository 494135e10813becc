-- Entries that do not count because a better instrument tells the same time, each beside the one that counts for it.
-- overlap_seconds is what both tell, uncovered_seconds what only the entry tells that does not count.
-- Grain: one row per entry that does not count.
-- Expect: unique(entry_id), not_null(rep_id, counted_entry_id, seconds), check(uncovered_seconds >= 0)
-- Column: entry_id = Number of the entry that does not count.
-- Column: counted_entry_id = Number of the entry that counts for it.
-- Column: file = File of the entry that does not count.
-- Column: sheet = Worksheet or part of that file; null where it has only one.
-- Column: line = Line of that file, counted from 1.
-- Column: instrument = How the time that does not count was taken.
-- Column: counted_file = File of the entry that counts.
-- Column: counted_sheet = Worksheet or part of that file; null where it has only one.
-- Column: counted_line = Line of that file, counted from 1.
-- Column: counted_instrument = How the time that counts was taken.
-- Column: seconds = Length of the entry that does not count.
-- Column: counted_seconds = Length of the entry that counts.
-- Column: overlap_seconds = Time that both tell.
-- Column: uncovered_seconds = Time that only the entry tells that does not count.
-- Column: minutes_apart = How far the beginnings or ends of both lie apart.

with

told as (
    select
        int_told_twice.entry_id as entry_id,
        int_told_twice.counted_entry_id as counted_entry_id,
        int_told_twice.overlap_seconds as overlap_seconds,
        int_told_twice.apart_seconds as apart_seconds,
        int_entries.source_id as source_id,
        int_entries.line as line,
        int_entries.rep_number as rep_number,
        int_entries.local_date as local_date,
        int_entries.seconds as seconds
    from int_entries
    inner join int_told_twice
        on int_entries.entry_id = int_told_twice.entry_id
),

final as (
    select
        -- ids
        told.entry_id as entry_id,
        told.counted_entry_id as counted_entry_id,
        int_rep_numbers.rep_id as rep_id,
        -- dimensions
        sources.file as file,
        sources.sheet as sheet,
        mod(told.line, sources.line_span) as line,
        sources.instrument as instrument,
        counted_sources.file as counted_file,
        counted_sources.sheet as counted_sheet,
        mod(counted.line, counted_sources.line_span) as counted_line,
        counted_sources.instrument as counted_instrument,
        -- times
        told.local_date as local_date,
        -- measures
        told.seconds as seconds,
        counted.seconds as counted_seconds,
        told.overlap_seconds as overlap_seconds,
        told.seconds - told.overlap_seconds as uncovered_seconds,
        cast(told.apart_seconds as double) / 60 as minutes_apart
    from told
    inner join int_entries as counted
        on told.counted_entry_id = counted.entry_id
    left join stg_sources as sources
        on told.source_id = sources.source_id
    left join stg_sources as counted_sources
        on counted.source_id = counted_sources.source_id
    left join int_rep_numbers
        on told.rep_number = int_rep_numbers.text_id
)

select * from final
