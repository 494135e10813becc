-- What is done for an opportunity after it was won or lost? Worked hours on later days than the one it was closed on.
-- Grain: one row per outcome and activity.

with

final as (
    select
        -- ids
        entries.activity_code as activity_code,
        -- dimensions
        opportunities.outcome as outcome,
        activity_facts.activity as activity,
        entries.category as category,
        -- measures
        count(distinct entries.opportunity_id) as opportunities,
        count(distinct entries.entry_id) as entries,
        round(cast(sum(entries.seconds) as double) / 3600, 1) as hours
    from entries
    inner join opportunities
        on entries.opportunity_id = opportunities.opportunity_id
    left join activity_facts
        on entries.activity_code = activity_facts.activity_code
    where entries.local_date > opportunities.closed_date
        and entries.category <> 'non_work'
    group by
        entries.activity_code,
        opportunities.outcome,
        activity_facts.activity,
        entries.category
)

select * from final
order by outcome, hours desc, activity_code
