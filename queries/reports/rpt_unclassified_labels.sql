-- Labels that nobody could sort, the longest time first: the list to write rules from. For the consultant, not for sharing.
-- Grain: one row per label and rule.
-- Expect: unique(label, rule_id), check(hours > 0)

with

totals as (
    select
        label,
        rule_id,
        count(distinct rep_id) as reps,
        count(*) filter (where is_first_piece) as entries,
        cast(sum(seconds) as bigint) as seconds
    from entries
    where activity_code = 'U'
    group by
        label,
        rule_id
),

final as (
    select
        -- dimensions
        label as label,
        rule_id as rule_id,
        -- measures
        reps as reps,
        entries as entries,
        cast(seconds as double) / 3600 as hours
    from totals
)

select * from final
order by hours desc, label nulls last, rule_id
