-- The accounts of the whole study in hours, and of its rows.
-- Grain: one row.
-- Expect: check(abs(logged_hours - counted_hours - overlap_hours - duplicate_hours - set_aside_hours) < 0.000001)
-- Column: entries = Entries that count, of all logs.
-- Column: records = Rows of all logs; those of a CRM that tell of opportunities or people are none.
-- Column: logged_hours = Time that was logged.
-- Column: counted_hours = Time that counts.
-- Column: overlap_hours = Time that is in another entry of the same rep.
-- Column: duplicate_hours = Time of rows that tell what others tell already.
-- Column: set_aside_hours = Time of rows that cannot be counted.
-- Column: imputed_hours = Time whose length the settings gave.
-- Column: unread_length = Rows whose length cannot be read: they are in no sum of hours.

with

clock as (
    select
        cast(coalesce(sum(logged_seconds), 0) as bigint) as logged_seconds,
        cast(coalesce(sum(counted_seconds), 0) as bigint) as counted_seconds,
        cast(coalesce(sum(overlap_seconds), 0) as bigint) as overlap_seconds,
        cast(coalesce(sum(duplicate_seconds), 0) as bigint) as duplicate_seconds,
        cast(coalesce(sum(set_aside_seconds), 0) as bigint) as set_aside_seconds
    from day_accounts
),

lines as (
    select
        cast(coalesce(sum(records), 0) as bigint) as records,
        cast(coalesce(sum(entries), 0) as bigint) as entries,
        cast(coalesce(sum(duplicates), 0) as bigint) as duplicates,
        cast(coalesce(sum(set_aside), 0) as bigint) as set_aside,
        cast(coalesce(sum(blank), 0) as bigint) as blank,
        cast(coalesce(sum(skipped), 0) as bigint) as skipped
    from source_accounts
    where target = 'entries'
),

lengths as (
    select
        count(*) filter (where seconds is null) as unread_length,
        cast(coalesce(sum(seconds) filter (where problem is null and is_imputed), 0) as bigint) as imputed_seconds
    from int_entries
),

final as (
    select
        -- measures
        clock.logged_seconds as logged_seconds,
        clock.counted_seconds as counted_seconds,
        clock.overlap_seconds as overlap_seconds,
        clock.duplicate_seconds as duplicate_seconds,
        clock.set_aside_seconds as set_aside_seconds,
        cast(clock.logged_seconds as double) / 3600 as logged_hours,
        cast(clock.counted_seconds as double) / 3600 as counted_hours,
        cast(clock.overlap_seconds as double) / 3600 as overlap_hours,
        cast(clock.duplicate_seconds as double) / 3600 as duplicate_hours,
        cast(clock.set_aside_seconds as double) / 3600 as set_aside_hours,
        lines.records as records,
        lines.entries as entries,
        lines.duplicates as duplicates,
        lines.set_aside as set_aside,
        lines.blank as blank,
        lines.skipped as skipped,
        lengths.unread_length as unread_length,
        cast(lengths.imputed_seconds as double) / 3600 as imputed_hours
    from clock
    cross join lines
    cross join lengths
)

select * from final
