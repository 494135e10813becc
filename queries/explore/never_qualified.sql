-- How many hours go into leads that never qualify? Time on lost opportunities that never came beyond the first steps,
-- beside the time on all opportunities, by lead source.
-- Grain: one row per lead source.
-- Set: step_number = 2 (number of the last step that a lead which never qualified has seen)

with

reached as (
    select
        opportunity_id,
        max(step_number) as last_step_number
    from stage_visits
    group by opportunity_id
),

judged as (
    select
        coalesce(opportunities.lead_source, '(source not told)') as lead_source,
        opportunities.logged_seconds as logged_seconds,
        opportunities.outcome = 'lost' and coalesce(reached.last_step_number, 0) <= $step_number as is_never_qualified
    from opportunities
    left join reached
        on opportunities.opportunity_id = reached.opportunity_id
),

totals as (
    select
        lead_source,
        count(*) as opportunities,
        count(case when is_never_qualified then 1 end) as never_qualified,
        cast(sum(coalesce(logged_seconds, 0)) as bigint) as seconds,
        cast(sum(case when is_never_qualified then coalesce(logged_seconds, 0) else 0 end) as bigint) as lost_seconds
    from judged
    group by lead_source
),

final as (
    select
        -- dimensions
        lead_source as lead_source,
        -- measures
        opportunities as opportunities,
        never_qualified as never_qualified,
        round(cast(seconds as double) / 3600, 1) as hours,
        round(cast(lost_seconds as double) / 3600, 1) as hours_on_never_qualified,
        round(cast(lost_seconds as double) / nullif(seconds, 0), 3) as share_of_hours
    from totals
)

select * from final
order by hours_on_never_qualified desc, lead_source
