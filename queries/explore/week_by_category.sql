-- Where does the week go? Hours of one rep's full week by category, for each role; breaks and leave are out.
-- Grain: one row per role and category.

with

role_weeks as (
    select
        role,
        count(*) as reps,
        sum(rep_weeks) as rep_weeks
    from rep_effort
    group by role
),

role_times as (
    select
        role,
        category,
        cast(sum(seconds) as bigint) as seconds
    from rep_activities
    where category <> 'non_work'
    group by
        role,
        category
),

final as (
    select
        -- dimensions
        role_times.role as role,
        role_times.category as category,
        -- measures
        role_weeks.reps as reps,
        round(cast(role_times.seconds as double) / 3600, 1) as hours,
        round(role_times.seconds / role_weeks.rep_weeks / 3600, 1) as hours_per_week,
        round(cast(role_times.seconds as double) / sum(role_times.seconds) over (partition by role_times.role), 3)
            as share
    from role_times
    inner join role_weeks
        on role_times.role = role_weeks.role
)

select * from final
order by role, hours desc, category
