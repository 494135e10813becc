-- How much quota hangs on how many hours of selling? The quarter's weeks are taken to be like those that were logged.
-- Grain: one row per role.
-- Set: quarter = 2026-Q1 (quarter of the quota)
-- Set: weeks = 12 (weeks of work in the quarter)

with

selling_weeks as (
    select
        rep_id as rep_id,
        cast(sum(case when category = 'selling' then seconds else 0 end) as double) / 3600
            / count(distinct week_start_date) as hours
    from rep_weeks
    group by rep_id
),

final as (
    select
        -- dimensions
        reps.role as role,
        -- measures
        count(*) as reps,
        cast(sum(quota.quota_eur) as bigint) as quota_eur,
        round(sum(selling_weeks.hours), 1) as selling_hours_a_week,
        cast(round(sum(quota.quota_eur) / nullif($weeks * sum(selling_weeks.hours), 0)) as bigint)
            as quota_per_selling_hour
    from quota
    inner join reps
        on quota.rep_id = reps.rep_id
    inner join selling_weeks
        on quota.rep_id = selling_weeks.rep_id
    where quota.quarter = $quarter
    group by reps.role
)

select * from final
order by quota_per_selling_hour desc, role
