-- What did a day look like? Every counted piece of a day with its clock times (UTC), in order.
-- Parameters: $date = '2026-03-03'
select
    rep_id,
    make_timestamp(start_second * 1000000) as started_at,
    make_timestamp(end_second * 1000000) as ended_at,
    seconds / 60 as minutes,
    activity_code,
    label,
    account
from entries
where local_date = cast($date as date)
order by rep_id, start_second nulls last, entry_id, part_number
