-- What is done twice? Worked hours by activity: done for the first time, done again, or not told.
-- Grain: one row per activity, the one with most rework first.

with

final as (
    select
        -- ids
        entries.activity_code as activity_code,
        -- dimensions
        activity_facts.activity as activity,
        -- measures
        round(cast(sum(entries.seconds) as double) / 3600, 1) as hours,
        round(
            cast(sum(case
                when entries.rework in ('no', 'n', 'false', '0', '-', 'first time') then entries.seconds else 0
            end) as double) / 3600, 1
        ) as first_time_hours,
        round(
            cast(sum(case
                when entries.rework not in ('no', 'n', 'false', '0', '-', 'first time') then entries.seconds else 0
            end) as double) / 3600, 1
        ) as rework_hours,
        round(cast(sum(case when entries.rework is null then entries.seconds else 0 end) as double) / 3600, 1)
            as hours_not_told,
        round(activity_facts.rework_share, 3) as rework_share
    from entries
    left join activity_facts
        on entries.activity_code = activity_facts.activity_code
    where entries.category <> 'non_work'
    group by
        entries.activity_code,
        activity_facts.activity,
        activity_facts.rework_share
)

select * from final
order by rework_hours desc, activity_code
