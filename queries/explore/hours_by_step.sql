-- In which step do won deals take their hours, in which step lost ones? Time that names the opportunity, by the step it
-- was in when the time was spent.
-- Grain: one row per outcome and step.

with

final as (
    select
        -- dimensions
        opportunities.outcome as outcome,
        stage_visits.step_number as step_number,
        stage_visits.step as step,
        -- measures
        count(distinct stage_visits.opportunity_id) as opportunities,
        count(distinct case when stage_visits.logged_seconds > 0 then stage_visits.opportunity_id end) as worked_on,
        round(cast(sum(stage_visits.logged_seconds) as double) / 3600, 1) as hours,
        round(
            cast(sum(stage_visits.logged_seconds) as double) / 3600
            / nullif(count(distinct case when stage_visits.logged_seconds > 0 then stage_visits.opportunity_id end), 0),
            1
        ) as hours_each
    from stage_visits
    left join opportunities
        on stage_visits.opportunity_id = opportunities.opportunity_id
    group by
        opportunities.outcome,
        stage_visits.step_number,
        stage_visits.step
)

select * from final
order by outcome nulls last, step_number
