-- Who waits on whom? Worked hours of entries that name who or what was waited for, by role. Only logs with
-- such a column tell; the time that names nobody stands last.
-- Grain: one row per role and who was waited for, and one per role for the time that names nobody.

with

final as (
    select
        -- dimensions
        reps.role as role,
        coalesce(lower(entries.waiting_on), '(nobody named)') as waiting_on,
        -- measures
        count(distinct entries.rep_id) as reps,
        count(distinct concat(entries.rep_id, ' ', cast(entries.local_date as string))) as days,
        count(distinct entries.entry_id) as entries,
        round(cast(sum(entries.seconds) as double) / 3600, 1) as hours
    from entries
    inner join reps
        on entries.rep_id = reps.rep_id
    where entries.category <> 'non_work'
    group by
        reps.role,
        coalesce(lower(entries.waiting_on), '(nobody named)')
)

select * from final
order by role, case when waiting_on = '(nobody named)' then 1 else 0 end, hours desc, waiting_on
