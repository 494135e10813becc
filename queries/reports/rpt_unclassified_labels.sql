-- Labels that nobody could sort, the longest time first: the list to write rules from. For the consultant, not for sharing.
-- Grain: one row per label and rule.
-- Expect: unique(label, rule_id), check(hours > 0)
-- Column: rule_id = Rule that sorts the label as unclassified; none where no rule does.
-- Column: reps = Reps who wrote it.
-- Column: hours = Counted time.

with

totals as (
    select
        stg_labels.label as label,
        int_unknown_labels.rule_id as rule_id,
        count(distinct int_unknown_labels.rep_number) as reps,
        cast(sum(int_unknown_labels.entries) as bigint) as entries,
        cast(sum(int_unknown_labels.seconds) as bigint) as seconds
    from int_unknown_labels
    left join stg_labels
        on int_unknown_labels.wording_id = stg_labels.wording_id
    group by
        stg_labels.label,
        int_unknown_labels.rule_id
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
