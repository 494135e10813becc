-- Which meetings had no customer in them? Time face to face or on video by activity, and whether the customer was
-- there: empty where nobody can tell what was done.
-- Grain: one row per activity.
-- Set: channel = face-to-face (one channel that counts as a meeting)
-- Set: other_channel = video (another one)

with

final as (
    select
        -- ids
        entries.activity_code as activity_code,
        -- dimensions
        activity_facts.activity as activity,
        entries.category as category,
        case when entries.category <> 'unclassified' then coalesce(activity_facts.is_customer_facing, false) end
            as is_customer_there,
        -- measures
        count(distinct entries.entry_id) as meetings,
        count(distinct entries.rep_id) as reps,
        round(cast(sum(entries.seconds) as double) / 3600, 1) as hours,
        round(cast(sum(case when entries.account is not null then entries.seconds else 0 end) as double) / 3600, 1)
            as hours_naming_a_customer
    from entries
    left join activity_facts
        on entries.activity_code = activity_facts.activity_code
    where entries.channel in ($channel, $other_channel)
        and entries.category <> 'non_work'
    group by
        entries.activity_code,
        activity_facts.activity,
        entries.category,
        case when entries.category <> 'unclassified' then coalesce(activity_facts.is_customer_facing, false) end
)

select * from final
order by is_customer_there nulls last, hours desc, activity_code
