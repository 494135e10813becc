-- How long does a quote take? Working days that opportunities stay in a step, how often they come back to an earlier
-- one, and the hours logged on them in it. The stays that are over; those still going on are counted beside them.
-- Grain: one row per outcome of the opportunity.
-- Set: step = Propose (step looked at, as in stage_visits)

with

visits as (
    select
        opportunities.outcome as outcome,
        stage_visits.is_open as is_open,
        stage_visits.is_returned as is_returned,
        stage_visits.logged_seconds as logged_seconds,
        cast(stage_visits.lead_working_seconds as double) / cfg_settings.workday_seconds as working_days
    from stage_visits
    cross join cfg_settings
    left join opportunities
        on stage_visits.opportunity_id = opportunities.opportunity_id
    where stage_visits.step = $step
),

final as (
    select
        -- dimensions
        outcome as outcome,
        -- measures
        count(*) as visits,
        count(case when is_open then 1 end) as open_visits,
        round(percentile_cont(0.5) within group (order by case when not is_open then working_days end), 1)
            as median_working_days,
        round(percentile_cont(0.9) within group (order by case when not is_open then working_days end), 1)
            as nine_in_ten_within_days,
        round(avg(case when is_open then null when is_returned then cast(1 as double) else cast(0 as double) end), 3)
            as share_sent_back,
        count(case when logged_seconds > 0 then 1 end) as visits_with_hours,
        round(cast(sum(logged_seconds) as double) / 3600, 1) as hours
    from visits
    group by outcome
)

select * from final
order by outcome nulls last
