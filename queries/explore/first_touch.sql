-- How long does a new lead wait for us? Days from the day an opportunity was made to the first time that names it, for
-- those made while the log was kept. Days are told of those that were worked on; the others may still wait.
-- Grain: one row per lead source.

with

days as (
    select distinct
        local_date,
        day_number
    from calendar
),

log_days as (
    select
        min(local_date) as first_date,
        max(local_date) as last_date
    from entries
),

touches as (
    select
        entries.opportunity_id as opportunity_id,
        min(days.day_number) as day_number
    from entries
    inner join days
        on entries.local_date = days.local_date
    where entries.opportunity_id is not null
    group by entries.opportunity_id
),

waits as (
    select
        coalesce(opportunities.lead_source, '(source not told)') as lead_source,
        opportunities.opportunity_id as opportunity_id,
        touches.day_number - days.day_number as days_waited
    from opportunities
    cross join log_days
    inner join days
        on opportunities.created_date = days.local_date
    left join touches
        on opportunities.opportunity_id = touches.opportunity_id
    where opportunities.created_date >= log_days.first_date
        and opportunities.created_date <= log_days.last_date
),

final as (
    select
        -- dimensions
        lead_source as lead_source,
        -- measures
        count(*) as opportunities,
        count(days_waited) as worked_on,
        count(*) - count(days_waited) as not_worked_on,
        count(case when days_waited <= 1 then 1 end) as within_a_day,
        round(percentile_cont(0.5) within group (order by cast(days_waited as double)), 1) as median_days,
        max(days_waited) as longest_days
    from waits
    group by lead_source
)

select * from final
order by lead_source
