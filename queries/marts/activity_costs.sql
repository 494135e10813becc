-- Cost of each activity at loaded rates. Null when a rep who did it has no rate: a cost that leaves people out is no
-- cost.
-- Grain: one row per activity that was logged.
-- Expect: unique(activity_code)
-- Column: cost = Cost of all logged time of the activity, at loaded rates; null where a rep who did it has no rate.

with

rated as (
    select
        rep_activities.activity_code as activity_code,
        rep_activities.seconds as seconds,
        -- in hundredths, so that sums are whole and the same in every order
        cast(round(coalesce(cfg_rates.rate_per_hour, cfg_study.rate_per_hour) * 100) as bigint) as cents_per_hour
    from rep_activities
    cross join cfg_study
    left join cfg_rates
        on rep_activities.role = cfg_rates.role
),

totals as (
    select
        activity_code,
        case when count(*) = count(cents_per_hour)
            then cast(cast(sum(seconds * cents_per_hour) as bigint) as double) / 360000 end as cost
    from rated
    group by activity_code
),

final as (
    select
        -- ids
        totals.activity_code as activity_code,
        -- measures
        totals.cost as cost,
        totals.cost / study_effort.rep_weeks * study_effort.reps as cost_per_week
    from totals
    cross join study_effort
)

select * from final
