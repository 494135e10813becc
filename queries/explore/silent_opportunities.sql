-- Which open opportunities has nobody worked on lately? Open ones without time in the last days of the log, the most
-- valuable first. Younger ones are left out; last_date is empty where no time names the opportunity at all.
-- Grain: one row per opportunity.
-- Set: days = 10 (days without time, back from the last day of the log)
-- Set: limit = 30 (opportunities shown)

with

days as (
    select distinct
        local_date,
        day_number
    from calendar
),

last_day as (
    select
        max(days.day_number) as day_number,
        max(days.local_date) as local_date
    from entries
    inner join days
        on entries.local_date = days.local_date
),

touched as (
    select
        entries.opportunity_id as opportunity_id,
        max(entries.local_date) as last_date,
        max(days.day_number) as day_number
    from entries
    inner join days
        on entries.local_date = days.local_date
    where entries.opportunity_id is not null
    group by entries.opportunity_id
),

current_steps as (
    select
        opportunity_id,
        step
    from stage_visits
    where is_open
),

final as (
    select
        -- ids
        opportunities.opportunity_id as opportunity_id,
        -- dimensions
        opportunities.account as account,
        opportunities.lead_source as lead_source,
        current_steps.step as step,
        -- times
        opportunities.created_date as created_date,
        touched.last_date as last_date,
        -- measures
        last_day.day_number - touched.day_number as days_silent,
        opportunities.amount as amount,
        round(cast(coalesce(opportunities.logged_seconds, 0) as double) / 3600, 1) as hours
    from opportunities
    cross join last_day
    left join touched
        on opportunities.opportunity_id = touched.opportunity_id
    left join current_steps
        on opportunities.opportunity_id = current_steps.opportunity_id
    where opportunities.outcome = 'open'
        and (touched.day_number is null or last_day.day_number - touched.day_number >= $days)
        and (
            opportunities.created_date is null
            or opportunities.created_date <= last_day.local_date - $days * interval '1' day
        )
)

select * from final
order by amount desc nulls last, opportunity_id
limit $limit
