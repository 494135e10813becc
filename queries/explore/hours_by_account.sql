-- How much time does each customer take, and how much of it is selling?
-- Set: limit = 30 (accounts shown)
select
    account,
    count(distinct rep_id) as reps,
    round(sum(seconds) / 3600, 1) as hours,
    round(sum(seconds) filter (where category = 'selling') / sum(seconds), 2) as selling_share
from entries
where account is not null
group by account
order by hours desc, account
limit $limit
