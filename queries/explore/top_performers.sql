-- What do the top performers do differently? Hours of one rep's full week by category, for each tier of a role.
-- Grain: one row per role, category and tier.
-- Set: role = all (role shown, or all)

with

tier_weeks as (
    select
        role,
        coalesce(tier, '(not told)') as tier,
        count(*) as reps,
        sum(rep_weeks) as rep_weeks
    from rep_effort
    group by
        role,
        coalesce(tier, '(not told)')
),

tier_times as (
    select
        role,
        coalesce(tier, '(not told)') as tier,
        category,
        cast(sum(seconds) as bigint) as seconds
    from rep_activities
    where category <> 'non_work'
        and ($role = 'all' or role = $role)
    group by
        role,
        coalesce(tier, '(not told)'),
        category
),

final as (
    select
        -- dimensions
        tier_times.role as role,
        tier_times.category as category,
        tier_times.tier as tier,
        -- measures
        tier_weeks.reps as reps,
        round(cast(tier_times.seconds as double) / 3600, 1) as hours,
        round(tier_times.seconds / tier_weeks.rep_weeks / 3600, 1) as hours_per_week
    from tier_times
    inner join tier_weeks
        on tier_times.role = tier_weeks.role
        and tier_times.tier = tier_weeks.tier
)

select * from final
order by role, category, tier
