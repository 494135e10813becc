-- Which labels does no rule know, and how many hours hang on each? The list to write rules from.
-- Set: limit = 30 (labels shown)
select
    label,
    rule_id,
    count(distinct rep_id) as reps,
    count(*) filter (where is_first_piece) as entries,
    round(sum(seconds) / 3600, 1) as hours
from entries
where activity_code = 'U'
group by label, rule_id
order by hours desc, label
limit $limit
