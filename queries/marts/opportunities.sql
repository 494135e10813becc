-- Opportunities of the CRM, with the time that was logged on each.
-- Grain: one row per opportunity.
-- Expect: unique(opportunity_id)
-- Column: rep_id = Rep whose opportunity it is; null where the CRM names nobody known.
-- Column: logged_seconds = Counted time logged on the opportunity; null where there is none.
-- Column: reps = Reps who logged time on the opportunity.

with

touched as (
    select
        opportunity_text_id,
        rep_number,
        cast(sum(seconds) as bigint) as seconds
    from int_opportunity_work
    group by
        opportunity_text_id,
        rep_number
),

-- The same opportunity with other blanks around it is one.
logged as (
    select
        stg_texts.value as opportunity_id,
        cast(sum(touched.seconds) as bigint) as logged_seconds,
        count(distinct touched.rep_number) as reps
    from touched
    inner join stg_texts
        on touched.opportunity_text_id = stg_texts.text_id
    group by stg_texts.value
),

final as (
    select
        -- ids
        stg_opportunities.opportunity_id as opportunity_id,
        int_reps.rep_id as rep_id,
        -- dimensions
        stg_opportunities.account as account,
        stg_opportunities.lead_source as lead_source,
        stg_opportunities.outcome as outcome,
        -- times
        stg_opportunities.created_date as created_date,
        stg_opportunities.closed_date as closed_date,
        -- measures
        stg_opportunities.amount as amount,
        logged.logged_seconds as logged_seconds,
        coalesce(logged.reps, 0) as reps
    from stg_opportunities
    left join int_reps
        on stg_opportunities.rep_id = int_reps.rep_text
    left join logged
        on stg_opportunities.opportunity_id = logged.opportunity_id
)

select * from final
