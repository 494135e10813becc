-- At what time of day do reps sell? Worked hours by hour of the local day, and how much of each is selling. Entries
-- without clock times are not in it.
-- Grain: one row per hour of the day in which somebody worked.
-- Set: role = all (role shown, or all)

with

final as (
    select
        -- dimensions
        hour_load.hour as hour,
        -- measures
        count(distinct hour_load.rep_id) as reps,
        round(cast(sum(hour_load.seconds) as double) / 3600, 1) as hours,
        round(cast(sum(hour_load.selling_seconds) as double) / 3600, 1) as selling_hours,
        round(cast(sum(hour_load.selling_seconds) as double) / sum(hour_load.seconds), 3) as selling_share
    from hour_load
    inner join reps
        on hour_load.rep_id = reps.rep_id
    where hour_load.seconds > 0
        and ($role = 'all' or reps.role = $role)
    group by hour_load.hour
)

select * from final
order by hour
