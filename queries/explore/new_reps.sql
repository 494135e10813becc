-- How do new reps spend their week, how do the others? Hours of one rep's full week by category.
-- Grain: one row per group of reps and category.
-- Set: hired_since = 2022-01-01 (reps hired on that day or later are new)

with

grouped as (
    select
        rep_id,
        case
            when hired_date is null then 'not told'
            when hired_date >= cast($hired_since as date) then 'new'
            else 'others'
        end as rep_group
    from reps
),

group_weeks as (
    select
        grouped.rep_group as rep_group,
        count(*) as reps,
        sum(rep_effort.rep_weeks) as rep_weeks
    from rep_effort
    inner join grouped
        on rep_effort.rep_id = grouped.rep_id
    group by grouped.rep_group
),

group_times as (
    select
        grouped.rep_group as rep_group,
        rep_activities.category as category,
        cast(sum(rep_activities.seconds) as bigint) as seconds
    from rep_activities
    inner join grouped
        on rep_activities.rep_id = grouped.rep_id
    where rep_activities.category <> 'non_work'
    group by
        grouped.rep_group,
        rep_activities.category
),

final as (
    select
        -- dimensions
        group_times.rep_group as rep_group,
        group_times.category as category,
        -- measures
        group_weeks.reps as reps,
        round(cast(group_times.seconds as double) / 3600, 1) as hours,
        round(group_times.seconds / group_weeks.rep_weeks / 3600, 1) as hours_per_week,
        round(
            cast(group_times.seconds as double) / sum(group_times.seconds) over (partition by group_times.rep_group), 3
        ) as share
    from group_times
    inner join group_weeks
        on group_times.rep_group = group_weeks.rep_group
)

select * from final
order by rep_group, hours desc, category
