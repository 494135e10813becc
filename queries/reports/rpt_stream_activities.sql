-- The activities under each step of the value stream. Work that belongs to no step has no step number.
-- Grain: one row per activity of worked time, with those of too few reps put together.
-- Expect: not_null(activity, hours_per_rep_week)
-- Column: activity_code = Code of the activity; null where several are put together.
-- Column: activity = Name of the activity, or how many are put together.
-- Column: category = Category of the activity; unclassified where several are put together.
-- Column: step_number = Place of the step in the selling process; null for work that belongs to no step.

with

work as (
    select
        cfg_steps.step_number as step_number,
        rpt_actions.*
    from rpt_actions
    left join cfg_steps
        on rpt_actions.step = cfg_steps.step
    where rpt_actions.category not in ('non_work')
),

final as (
    select
        step_number as step_number,
        activity_code as activity_code,
        activity as activity,
        category as category,
        verdict as verdict,
        is_candidate as is_candidate,
        hours_per_rep_week as hours_per_rep_week,
        entries as entries,
        reps_doing as reps_doing,
        freed_hours_per_rep_week as freed_hours_per_rep_week
    from work
    where is_shown
    union all
    select
        step_number as step_number,
        cast(null as string) as activity_code,
        concat(cast(count(*) as string), case when count(*) = 1 then ' other activity' else ' other activities' end) as activity,
        'unclassified' as category,
        cast(null as string) as verdict,
        false as is_candidate,
        cast(cast(sum(work.seconds) as bigint) as double) / max(study_effort.rep_weeks) / 3600 as hours_per_rep_week,
        cast(sum(work.entries) as bigint) as entries,
        cast(null as bigint) as reps_doing,
        cast(null as double) as freed_hours_per_rep_week
    from work
    cross join study_effort
    where not work.is_shown
    group by step_number
)

select * from final
order by step_number nulls last, hours_per_rep_week desc, activity_code nulls last
