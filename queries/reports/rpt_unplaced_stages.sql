-- Stages of the CRM that belong to no step of the selling process, the most opportunities first: what to add to a step's
-- stages. Where opportunities end, as in Closed Won, is no stage to place.
-- Grain: one row per stage.
-- Expect: unique(stage), check(opportunities > 0)
-- Column: opportunities = Opportunities that were in the stage and went on or still are in it.

with

events as (
    select
        opportunity_id as opportunity_id,
        stage as stage,
        lead(line) over (partition by opportunity_id order by entered_date, entered_local_second, line) as next_line
    from stg_stage_events
    where is_plausible
),

final as (
    select
        -- dimensions
        min(events.stage) as stage,
        -- measures
        count(distinct events.opportunity_id) as opportunities
    from events
    left join opportunities
        on events.opportunity_id = opportunities.opportunity_id
    left join cfg_stages
        on lower(events.stage) = cfg_stages.stage
    where cfg_stages.stage is null
        and (events.next_line is not null or coalesce(opportunities.outcome, 'open') = 'open')
    group by lower(events.stage)
)

select * from final
order by opportunities desc, stage
