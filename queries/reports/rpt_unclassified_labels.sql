-- Labels that nobody could sort, the longest time first: the list to write rules from. For the consultant, not for sharing.
-- Grain: one row per label and rule.
-- Expect: unique(label, rule_id), check(hours > 0)

with

unknown as (
    select
        wording_id,
        rule_id,
        rep_number,
        count(*) filter (where is_first_piece) as entries,
        cast(sum(seconds) as bigint) as seconds
    from int_work
    where activity_code = 'U'
    group by
        wording_id,
        rule_id,
        rep_number
),

totals as (
    select
        stg_labels.label as label,
        unknown.rule_id as rule_id,
        count(distinct unknown.rep_number) as reps,
        cast(sum(unknown.entries) as bigint) as entries,
        cast(sum(unknown.seconds) as bigint) as seconds
    from unknown
    left join stg_labels
        on unknown.wording_id = stg_labels.wording_id
    group by
        stg_labels.label,
        unknown.rule_id
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
