-- What did a day look like? Every counted piece of a day with its clock times (UTC), in order. Shows single people:
-- for the consultant's own check alone.
-- Grain: one row per counted piece of an entry.
-- Set: date = last (day shown, such as 2026-03-03; last: the last one of the log)
-- Set: rep = all (rep_id shown, or all)

with

shown_day as (
    select coalesce(cast(nullif($date, 'last') as date), max(local_date)) as local_date
    from entries
),

final as (
    select
        -- ids
        entries.rep_id as rep_id,
        entries.entry_id as entry_id,
        entries.part_number as part_number,
        -- dimensions
        entries.activity_code as activity_code,
        entries.label as label,
        entries.account as account,
        -- times
        cast('1970-01-01' as timestamp) + entries.start_second * interval '1' second as started_at,
        cast('1970-01-01' as timestamp) + entries.end_second * interval '1' second as ended_at,
        -- measures
        round(cast(entries.seconds as double) / 60, 1) as minutes
    from entries
    inner join shown_day
        on entries.local_date = shown_day.local_date
    where $rep = 'all'
        or entries.rep_id = $rep
)

select * from final
order by rep_id, started_at nulls last, entry_id, part_number
