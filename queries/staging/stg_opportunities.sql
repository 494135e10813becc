-- Opportunities as the CRM export gives them.
-- Grain: one row per opportunity.
-- Expect: unique(opportunity_id), not_null(opportunity_id)

with

final as (
    select
        -- ids
        trim(opportunity_id) as opportunity_id,
        nullif(trim(rep_id), '') as rep_id,
        -- dimensions
        nullif(trim(account), '') as account,
        nullif(trim(source), '') as lead_source,
        coalesce(lower(nullif(trim(outcome), '')), 'open') as outcome,
        -- times
        cast(try_strptime(trim(created_on), ['%Y-%m-%d', '%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S']) as date) as created_date,
        cast(try_strptime(trim(closed_on), ['%Y-%m-%d', '%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S']) as date) as closed_date,
        -- measures
        try_cast(trim(amount) as double) as amount
    from raw_opportunities
)

select * from final
