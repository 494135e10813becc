-- How do reps reach their customers? Worked hours by channel, with the customer and without.
-- Grain: one row per channel.
-- Set: role = all (role shown, or all)

with

final as (
    select
        -- dimensions
        coalesce(entries.channel, '(not told)') as channel,
        -- measures
        count(distinct entries.entry_id) as entries,
        round(cast(sum(entries.seconds) as double) / 3600, 1) as hours,
        round(
            cast(sum(case when activity_facts.is_customer_facing then entries.seconds else 0 end) as double) / 3600, 1
        ) as hours_with_customers,
        round(
            cast(sum(case when entries.category = 'unclassified' then entries.seconds else 0 end) as double) / 3600, 1
        ) as hours_unclassified,
        round(
            cast(sum(case when activity_facts.is_customer_facing then entries.seconds else 0 end) as double)
            / sum(entries.seconds), 3
        ) as share_with_customers
    from entries
    inner join reps
        on entries.rep_id = reps.rep_id
    left join activity_facts
        on entries.activity_code = activity_facts.activity_code
    where entries.category <> 'non_work'
        and ($role = 'all' or reps.role = $role)
    group by coalesce(entries.channel, '(not told)')
)

select * from final
order by hours desc, channel
