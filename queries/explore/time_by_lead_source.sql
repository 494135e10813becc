-- Where do the leads come from that reps work on? Worked hours by lead source, and what became of the opportunities.
-- Grain: one row per lead source, one for opportunities the CRM does not know, one for time that names none.

with

worked as (
    select
        entries.opportunity_id as opportunity_id,
        opportunities.outcome as outcome,
        case
            when entries.opportunity_id is null then '(no opportunity named)'
            when opportunities.opportunity_id is null then '(not in the CRM)'
            else coalesce(opportunities.lead_source, '(source not told)')
        end as lead_source,
        entries.seconds as seconds
    from entries
    left join opportunities
        on entries.opportunity_id = opportunities.opportunity_id
    where entries.category <> 'non_work'
),

final as (
    select
        -- dimensions
        lead_source as lead_source,
        -- measures
        count(distinct opportunity_id) as opportunities,
        round(cast(sum(seconds) as double) / 3600, 1) as hours,
        round(cast(sum(seconds) as double) / sum(sum(seconds)) over (), 3) as share_of_work,
        round(cast(sum(seconds) as double) / 3600 / nullif(count(distinct opportunity_id), 0), 1) as hours_each,
        round(cast(sum(case when outcome = 'won' then seconds else 0 end) as double) / 3600, 1) as hours_on_won,
        round(cast(sum(case when outcome = 'lost' then seconds else 0 end) as double) / 3600, 1) as hours_on_lost,
        round(cast(sum(case when outcome = 'open' then seconds else 0 end) as double) / 3600, 1) as hours_on_open
    from worked
    group by lead_source
)

select * from final
order by hours desc, lead_source
