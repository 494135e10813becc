-- What did a day look like? Every counted piece of a day with its clock times (UTC), in order.
-- Set: date = 2026-03-03 (day shown)
select
    rep_id,
    cast('1970-01-01' as timestamp) + start_second * interval '1' second as started_at,
    cast('1970-01-01' as timestamp) + end_second * interval '1' second as ended_at,
    seconds / 60 as minutes,
    activity_code,
    label,
    account
from entries
where local_date = cast($date as date)
order by rep_id, start_second nulls last, entry_id, part_number
