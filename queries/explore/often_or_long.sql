-- Which activities take the time, and is it because they come often or because they last long? Hours of one rep's week
-- are times a week times the mean length; the shares add up from the longest down.
-- Grain: one row per activity of worked time.

with

final as (
    select
        -- ids
        activity_code as activity_code,
        -- dimensions
        activity as activity,
        category as category,
        -- measures
        reps_doing as reps_doing,
        round(occurrences_per_rep_week, 1) as times_per_week,
        round(cast(seconds as double) / 60 / entries, 1) as mean_minutes,
        round(median_seconds / 60, 1) as median_minutes,
        round(seconds / rep_weeks / 3600, 2) as hours_per_week,
        round(cast(seconds as double) / sum(seconds) over (), 3) as share,
        round(
            cast(sum(seconds) over (
                order by seconds desc, activity_code rows between unbounded preceding and current row
            ) as double) / sum(seconds) over (), 3
        ) as share_up_to_here
    from activity_facts
    where category <> 'non_work'
)

select * from final
order by share_up_to_here, share desc, activity_code
