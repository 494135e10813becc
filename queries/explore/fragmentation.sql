-- How cut up is the day? Changes of activity, and how much of the work is done in long blocks and how much in slivers,
-- for each role. A block is one activity without a break; breaks and leave are out, and so is what has no clock times.
-- Grain: one row per role.
-- Set: block_minutes = 60 (a long block lasts that long or longer)
-- Set: sliver_minutes = 15 (a sliver is shorter)
-- Set: gap_minutes = 5 (a break in an activity that does not end its block)

with

pieces as (
    select
        rep_id,
        local_date,
        entry_id,
        part_number,
        activity_code,
        start_second,
        end_second,
        seconds,
        lag(activity_code) over (
            partition by rep_id, local_date order by start_second, end_second, entry_id, part_number
        ) as activity_before,
        lag(end_second) over (
            partition by rep_id, local_date order by start_second, end_second, entry_id, part_number
        ) as end_before
    from entries
    where start_second is not null
        and category <> 'non_work'
),

numbered as (
    select
        pieces.*,
        sum(case
            when activity_code = activity_before and start_second - end_before <= $gap_minutes * 60 then 0 else 1
        end) over (
            partition by rep_id, local_date order by start_second, end_second, entry_id, part_number
            rows between unbounded preceding and current row
        ) as block_number
    from pieces
),

blocks as (
    select
        rep_id,
        local_date,
        block_number,
        max(case when activity_before <> activity_code then 1 else 0 end) as switches,
        cast(sum(seconds) as bigint) as seconds
    from numbered
    group by
        rep_id,
        local_date,
        block_number
),

days as (
    select
        rep_id,
        local_date,
        count(*) as blocks,
        cast(sum(switches) as bigint) as switches,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when seconds >= $block_minutes * 60 then seconds else 0 end) as bigint) as long_seconds,
        cast(sum(case when seconds < $sliver_minutes * 60 then seconds else 0 end) as bigint) as sliver_seconds
    from blocks
    group by
        rep_id,
        local_date
),

final as (
    select
        -- dimensions
        reps.role as role,
        -- measures
        count(distinct days.rep_id) as reps,
        count(*) as days,
        round(cast(sum(days.seconds) as double) / 3600, 1) as hours,
        round(cast(sum(days.switches) as double) / count(*), 1) as switches_per_day,
        round(cast(sum(days.seconds) as double) / 60 / sum(days.blocks), 1) as mean_block_minutes,
        round(cast(sum(days.long_seconds) as double) / sum(days.seconds), 3) as share_in_long_blocks,
        round(cast(sum(days.sliver_seconds) as double) / sum(days.seconds), 3) as share_in_slivers
    from days
    inner join reps
        on days.rep_id = reps.rep_id
    group by reps.role
)

select * from final
order by role
