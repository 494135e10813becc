-- What wastes most time in each role? The longest activities that add no value to the customer or the company.
-- Grain: one row per role and activity.
-- Set: top = 5 (activities shown for each role)

with

role_weeks as (
    select
        role,
        count(*) as reps,
        sum(rep_weeks) as rep_weeks,
        sum(base_seconds) as base_seconds
    from rep_effort
    group by role
),

role_times as (
    select
        role,
        activity_code,
        count(distinct rep_id) as reps_doing,
        cast(sum(seconds) as bigint) as seconds
    from rep_activities
    where category <> 'non_work'
    group by
        role,
        activity_code
),

placed as (
    select
        role_times.*,
        activity_facts.activity as activity,
        row_number() over (
            partition by role_times.role
            order by role_times.seconds desc, role_times.activity_code
        ) as place
    from role_times
    inner join activity_facts
        on role_times.activity_code = activity_facts.activity_code
    where activity_facts.value_class = 'non_value_adding'
),

final as (
    select
        -- ids
        placed.activity_code as activity_code,
        -- dimensions
        placed.role as role,
        placed.place as place,
        placed.activity as activity,
        -- measures
        placed.reps_doing as reps_doing,
        role_weeks.reps as reps,
        round(cast(placed.seconds as double) / 3600, 1) as hours,
        round(placed.seconds / role_weeks.rep_weeks / 3600, 2) as hours_per_week,
        round(cast(placed.seconds as double) / role_weeks.base_seconds, 3) as share_of_work
    from placed
    inner join role_weeks
        on placed.role = role_weeks.role
    where placed.place <= $top
)

select * from final
order by role, place
