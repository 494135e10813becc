-- What could somebody else do? Worked hours by who could have done it, as the reps say, and by category.
-- Grain: one row per answer and category.

with

final as (
    select
        -- dimensions
        coalesce(could_do, '(not told)') as could_do,
        category as category,
        -- measures
        count(distinct rep_id) as reps,
        count(distinct entry_id) as entries,
        round(cast(sum(seconds) as double) / 3600, 1) as hours,
        round(cast(sum(seconds) as double) / sum(sum(seconds)) over (), 3) as share_of_work
    from entries
    where category <> 'non_work'
    group by
        coalesce(could_do, '(not told)'),
        category
)

select * from final
order by could_do, hours desc, category
