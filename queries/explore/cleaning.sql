-- What did the cleaning change? Hours that were logged, and what became of them: counted, or taken out as shared time,
-- as told twice, as set aside.
-- Grain: one row per role.

with

final as (
    select
        -- dimensions
        coalesce(reps.role, '(not in the roster)') as role,
        -- measures
        round(cast(sum(day_accounts.logged_seconds) as double) / 3600, 2) as logged_hours,
        round(cast(sum(day_accounts.counted_seconds) as double) / 3600, 2) as counted_hours,
        round(cast(sum(day_accounts.overlap_seconds) as double) / 3600, 2) as shared_hours,
        round(cast(sum(day_accounts.duplicate_seconds) as double) / 3600, 2) as hours_told_twice,
        round(cast(sum(day_accounts.set_aside_seconds) as double) / 3600, 2) as hours_set_aside
    from day_accounts
    left join reps
        on day_accounts.rep_id = reps.rep_id
    group by coalesce(reps.role, '(not in the roster)')
)

select * from final
order by role
