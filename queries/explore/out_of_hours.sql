-- What is done in the evening, early in the morning and on weekends? Worked hours by category, within working hours and
-- outside them. A piece belongs to the hour it begins in; entries without clock times are told apart.
-- Grain: one row per time of day and category.
-- Set: from_hour = 8 (hour the working day begins)
-- Set: to_hour = 18 (hour it ends)

with

told as (
    select
        entries.category as category,
        entries.rep_id as rep_id,
        entries.seconds as seconds,
        case
            when not rep_days.is_workday then 'day off'
            when entries.local_start_second is null then 'no clock times'
            when entries.local_start_second < $from_hour * 3600 then 'early'
            when entries.local_start_second >= $to_hour * 3600 then 'late'
            else 'working hours'
        end as time_of_day
    from entries
    inner join rep_days
        on entries.rep_id = rep_days.rep_id
        and entries.local_date = rep_days.local_date
    where entries.category <> 'non_work'
),

final as (
    select
        -- dimensions
        time_of_day as time_of_day,
        category as category,
        -- measures
        count(distinct rep_id) as reps,
        round(cast(sum(seconds) as double) / 3600, 1) as hours,
        round(cast(sum(seconds) as double) / sum(sum(seconds)) over (), 4) as share_of_work
    from told
    group by
        time_of_day,
        category
)

select * from final
order by time_of_day, hours desc, category
