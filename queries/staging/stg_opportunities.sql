-- Opportunities as opportunities.csv and the CRM exports among the logs give them. What the file says of one counts;
-- of the exports, the last by name.
-- Grain: one row per opportunity.
-- Expect: unique(opportunity_id), not_null(opportunity_id)
-- Column: rep_id = Whose opportunity it is, as the file or the CRM names them.

with

from_file as (
    select
        0 as source_id,
        trim(opportunity_id) as opportunity_id,
        account as account,
        rep_id as rep_id,
        source as source,
        amount as amount,
        created_on as created_on,
        closed_on as closed_on,
        outcome as outcome
    from raw_opportunities
),

ranked as (
    select
        raw_crm_opportunities.*,
        row_number() over (
            partition by trim(raw_crm_opportunities.opportunity_id)
            order by
                stg_sources.file desc nulls last,
                stg_sources.sheet desc nulls last,
                raw_crm_opportunities.source_id desc,
                raw_crm_opportunities.line desc
        ) as place
    from raw_crm_opportunities
    left join stg_sources
        on raw_crm_opportunities.source_id = stg_sources.source_id
    where trim(raw_crm_opportunities.opportunity_id) <> ''
),

from_exports as (
    select
        ranked.source_id as source_id,
        trim(ranked.opportunity_id) as opportunity_id,
        ranked.account as account,
        ranked.rep_id as rep_id,
        ranked.source as source,
        ranked.amount as amount,
        ranked.created_on as created_on,
        ranked.closed_on as closed_on,
        ranked.outcome as outcome
    from ranked
    left join from_file
        on trim(ranked.opportunity_id) = from_file.opportunity_id
    where ranked.place = 1
        and from_file.opportunity_id is null
),

known as (
    select * from from_file
    union all
    select * from from_exports
),

final as (
    select
        -- ids
        known.opportunity_id as opportunity_id,
        nullif(trim(known.rep_id), '') as rep_id,
        -- dimensions
        nullif(trim(known.account), '') as account,
        nullif(trim(known.source), '') as lead_source,
        coalesce(lower(nullif(trim(known.outcome), '')), 'open') as outcome,
        -- times
        cast(created.local_at as date) as created_date,
        cast(closed.local_at as date) as closed_date,
        -- measures
        try_cast(trim(known.amount) as double) as amount
    from known
    left join stg_crm_moments as created
        on known.source_id = created.source_id
        and trim(known.created_on) = created.moment_text
    left join stg_crm_moments as closed
        on known.source_id = closed.source_id
        and trim(known.closed_on) = closed.moment_text
)

select * from final
