-- How many hours a week does administration take of a rep, and how far apart are the reps? Weeks as they were logged,
-- short ones too.
-- Grain: one row per role and week.
-- Set: category = administrative (category of time looked at)

with

rep_times as (
    select
        rep_weeks.rep_id as rep_id,
        reps.role as role,
        rep_weeks.week_start_date as week_start_date,
        cast(sum(case when rep_weeks.category = $category then rep_weeks.seconds else 0 end) as double) / 3600 as hours,
        cast(sum(case when rep_weeks.category <> 'non_work' then rep_weeks.seconds else 0 end) as double) / 3600
            as worked_hours
    from rep_weeks
    inner join reps
        on rep_weeks.rep_id = reps.rep_id
    group by
        rep_weeks.rep_id,
        reps.role,
        rep_weeks.week_start_date
),

final as (
    select
        -- dimensions
        role as role,
        -- times
        week_start_date as week_start_date,
        -- measures
        count(*) as reps,
        round(sum(hours), 1) as hours,
        round(avg(hours), 1) as mean_hours,
        round(min(hours), 1) as lowest_hours,
        round(percentile_cont(0.5) within group (order by hours), 1) as median_hours,
        round(max(hours), 1) as highest_hours,
        round(sum(hours) / nullif(sum(worked_hours), 0), 3) as share_of_work
    from rep_times
    group by
        role,
        week_start_date
)

select * from final
order by role, week_start_date
