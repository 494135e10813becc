-- The week by category, all reps first and then each team as it may be shown.
-- Grain: one row per team and category of worked time.
-- Expect: unique(team, category), not_null(hours_per_rep_week)
-- Column: team = Team as it may be shown, or All reps.
-- Column: team_order = Place of the team; 0 for all reps.

with

teams as (
    select
        team,
        row_number() over (order by team) as team_order
    from (
        select distinct team as team
        from rep_effort
    ) as shown_teams
),

categories as (
    select
        category,
        min(category_order) as category_order
    from cfg_categories
    where category <> 'non_work'
    group by category
),

final as (
    select
        -- dimensions
        case when estimates.scope = 'all' then 'All reps' else estimates.team end as team,
        case when estimates.scope = 'all' then 0 else teams.team_order end as team_order,
        categories.category as category,
        categories.category_order as category_order,
        -- measures
        estimates.reps as reps,
        estimates.seconds_per_rep_week / 3600 as hours_per_rep_week,
        estimates.share as share,
        estimates.share_low as share_low,
        estimates.share_high as share_high
    from estimates
    inner join categories
        on estimates.name = categories.category
    left join teams
        on estimates.team = teams.team
    where estimates.kind = 'category'
        and (estimates.scope = 'all' or (select count(*) from teams) > 1)
)

select * from final
order by team_order, category_order
