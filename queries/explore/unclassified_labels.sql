-- Which labels does no rule know, and how many hours hang on each? The list to write rules from.
-- Grain: one row per label and rule, the longest first.
-- Set: limit = 30 (labels shown)

with

final as (
    select
        -- ids
        rule_id as rule_id,
        -- dimensions
        label as label,
        -- measures
        count(distinct rep_id) as reps,
        count(distinct entry_id) as entries,
        round(cast(sum(seconds) as double) / 3600, 1) as hours
    from entries
    where activity_code = 'U'
    group by
        rule_id,
        label
)

select * from final
order by hours desc, label nulls last, rule_id nulls last
limit $limit
