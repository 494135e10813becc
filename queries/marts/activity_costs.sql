-- Cost of each activity at loaded rates. Null when a rep who did it has no rate: a cost that leaves people out is no
-- cost.
-- Grain: one row per activity that was logged.
-- Expect: unique(activity_code)

with

rated as (
    select
        rep_activities.activity_code as activity_code,
        rep_activities.seconds as seconds,
        coalesce(cfg_rates.rate_per_hour, cfg_study.rate_per_hour) as rate_per_hour
    from rep_activities
    cross join cfg_study
    left join cfg_rates
        on rep_activities.role = cfg_rates.role
),

effort as (
    select
        count(*) as reps,
        sum(rep_weeks) as rep_weeks
    from rep_effort
),

final as (
    select
        -- ids
        rated.activity_code as activity_code,
        -- measures
        case when count(*) = count(rated.rate_per_hour)
            then sum(rated.seconds * rated.rate_per_hour) / 3600 end as cost,
        case when count(*) = count(rated.rate_per_hour)
            then sum(rated.seconds * rated.rate_per_hour) / 3600 / max(effort.rep_weeks) * max(effort.reps) end as cost_per_week
    from rated
    cross join effort
    group by rated.activity_code
)

select * from final
