-- The ranking of work that is neither selling nor preparing for it, with the cumulative share of its hours. What
-- nobody could sort stands last. Activities of fewer reps than may be
-- shown stand together in one row.
-- Grain: one row per activity of functional, administrative, development, travel and unclassified time.
-- Expect: unique(rank), check(cumulative_share <= 1)
-- Column: rank = Place in the ranking, from 1.
-- Column: activity_code = Code of the activity; null where several are put together.
-- Column: activity = Name of the activity, or how many are put together.
-- Column: category = Category of the activity; administrative where several are put together.
-- Column: cumulative_share = Part of the hours of the ranking up to this row.

with

work as (
    select * from rpt_actions
    where category in ('functional', 'administrative', 'development', 'travel', 'unclassified')
),

folded as (
    select
        activity_code as activity_code,
        activity as activity,
        category as category,
        verdict as verdict,
        is_candidate as is_candidate,
        hours_per_rep_week as hours_per_rep_week,
        hours_per_rep_week_low as hours_per_rep_week_low,
        hours_per_rep_week_high as hours_per_rep_week_high,
        share as share,
        cost_per_week as cost_per_week,
        reps_doing as reps_doing,
        seconds as seconds,
        case when category = 'unclassified' then 2 else 0 end as is_rest
    from work
    where is_shown
    union all
    select
        cast(null as string) as activity_code,
        concat(cast(count(*) as string), case when count(*) = 1 then ' other activity' else ' other activities' end) as activity,
        'administrative' as category,
        cast(null as string) as verdict,
        false as is_candidate,
        cast(cast(sum(work.seconds) as bigint) as double) / max(study_effort.rep_weeks) / 3600 as hours_per_rep_week,
        cast(null as double) as hours_per_rep_week_low,
        cast(null as double) as hours_per_rep_week_high,
        cast(cast(sum(work.seconds) as bigint) as double) / max(study_effort.base_seconds) as share,
        case when count(*) = count(work.cost_per_week) then cast(sum(cast(round(work.cost_per_week) as bigint)) as double) end
            as cost_per_week,
        cast(null as bigint) as reps_doing,
        cast(sum(work.seconds) as bigint) as seconds,
        1 as is_rest
    from work
    cross join study_effort
    where not work.is_shown
    having count(*) > 0
),

final as (
    select
        -- ids
        row_number() over (order by is_rest, hours_per_rep_week desc, activity_code) as rank,
        activity_code as activity_code,
        -- dimensions
        activity as activity,
        category as category,
        verdict as verdict,
        is_candidate as is_candidate,
        -- measures
        hours_per_rep_week as hours_per_rep_week,
        hours_per_rep_week_low as hours_per_rep_week_low,
        hours_per_rep_week_high as hours_per_rep_week_high,
        share as share,
        cost_per_week as cost_per_week,
        cast(cast(sum(seconds) over (
            order by is_rest, hours_per_rep_week desc, activity_code
            rows between unbounded preceding and current row
        ) as bigint) as double) / nullif(cast(sum(seconds) over () as bigint), 0) as cumulative_share,
        reps_doing as reps_doing
    from folded
)

select * from final
order by rank
