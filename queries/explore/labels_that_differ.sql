-- Which labels stand for more than one activity? The same words, sorted differently from one day, file or rep to the
-- next, and after those the labels that name several activities at once; capitals do not matter.
-- Grain: one row per label and activity.
-- Set: limit = 60 (rows shown)

with

told as (
    select
        lower(label) as label,
        activity_code,
        rule_id,
        rep_id,
        entry_id,
        local_date,
        parts,
        seconds
    from entries
    where label is not null
),

several as (
    select
        label,
        cast(sum(seconds) as bigint) as label_seconds
    from told
    group by label
    having count(distinct activity_code) > 1
),

final as (
    select
        -- ids
        told.activity_code as activity_code,
        -- dimensions
        told.label as label,
        activity_facts.activity as activity,
        max(told.parts) > 1 as is_named_with_others,
        -- times
        min(told.local_date) as first_date,
        max(told.local_date) as last_date,
        -- measures
        count(distinct told.rep_id) as reps,
        count(distinct told.entry_id) as entries,
        round(cast(sum(told.seconds) as double) / 3600, 2) as hours,
        round(cast(max(several.label_seconds) as double) / 3600, 2) as hours_of_label
    from told
    inner join several
        on told.label = several.label
    left join activity_facts
        on told.activity_code = activity_facts.activity_code
    group by
        told.activity_code,
        told.label,
        activity_facts.activity
)

select * from final
order by is_named_with_others, hours_of_label desc, label, hours desc, activity_code
limit $limit
