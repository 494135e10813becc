-- Did everybody log, week after week? Working days and how they were logged, with the hours that were expected
-- and those that were counted, for each role.
-- Grain: one row per week and role.

with

final as (
    select
        -- dimensions
        coalesce(reps.role, 'no role') as role,
        -- times
        coverage_days.week_start_date as week_start_date,
        -- measures
        count(distinct coverage_days.rep_id) as reps,
        count(case when coverage_days.expected_seconds > 0 then 1 end) as days_expected,
        count(case when coverage_days.status = 'full' then 1 end) as days_full,
        count(case when coverage_days.status in ('part', 'thin') then 1 end) as days_in_part,
        count(case when coverage_days.status = 'missing' then 1 end) as days_missing,
        round(cast(sum(coverage_days.expected_seconds) as double) / 3600, 1) as expected_hours,
        round(cast(sum(coverage_days.counted_seconds) as double) / 3600, 1) as counted_hours
    from coverage_days
    left join reps
        on coverage_days.rep_id = reps.rep_id
    group by
        coalesce(reps.role, 'no role'),
        coverage_days.week_start_date
)

select * from final
order by week_start_date, role
