-- What do proposals cost, by the size of the deal? Hours and loaded cost of proposals and quotes. Cost is in the
-- study's currency, and empty where a rep who worked on them has no rate.
-- Grain: one row per size of deal, one for opportunities of unknown worth, one for time that names none.
-- Set: activities = F1 (what the codes of the activities begin with)
-- Set: small = 20000 (deals worth less are small)
-- Set: large = 100000 (deals worth that or more are large)

with

rated as (
    select
        entries.opportunity_id as opportunity_id,
        case
            when entries.opportunity_id is null then 'no opportunity named'
            when opportunities.amount is null then 'worth unknown'
            when opportunities.amount < $small then 'small'
            when opportunities.amount < $large then 'medium'
            else 'large'
        end as deal_size,
        opportunities.outcome as outcome,
        opportunities.amount as amount,
        entries.seconds as seconds,
        coalesce(cfg_rates.rate_per_hour, cfg_study.rate_per_hour) as rate_per_hour
    from entries
    cross join cfg_study
    inner join reps
        on entries.rep_id = reps.rep_id
    left join cfg_rates
        on reps.role = cfg_rates.role
    left join opportunities
        on entries.opportunity_id = opportunities.opportunity_id
    where entries.activity_code like concat($activities, '%')
),

totals as (
    select
        deal_size,
        count(distinct opportunity_id) as opportunities,
        count(distinct case when outcome = 'won' then opportunity_id end) as won,
        count(distinct case when outcome = 'lost' then opportunity_id end) as lost,
        cast(sum(seconds) as bigint) as seconds,
        case when count(*) = count(rate_per_hour) then sum(cast(seconds as double) * rate_per_hour) / 3600 end as cost
    from rated
    group by deal_size
),

final as (
    select
        -- dimensions
        deal_size as deal_size,
        -- measures
        opportunities as opportunities,
        won as won,
        lost as lost,
        round(cast(seconds as double) / 3600, 1) as hours,
        round(cast(seconds as double) / 3600 / nullif(opportunities, 0), 1) as hours_each,
        round(cost) as cost,
        round(cost / nullif(opportunities, 0)) as cost_each
    from totals
)

select * from final
order by
    case deal_size when 'small' then 1 when 'medium' then 2 when 'large' then 3 when 'worth unknown' then 4 else 5 end
