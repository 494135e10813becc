-- Every share with its interval, and the hours per rep and week that go with it.
-- Grain: one row per scope, team, kind and name.
-- Expect: unique(scope, team, kind, name), check(share is null or (share >= 0 and share <= 1))
-- Column: team = Team as it may be shown; all for every rep.
-- Column: kind = What name is: measure, category or activity.
-- Column: name = Name of the measure or category, or code of the activity.
-- Column: hours = Counted time.

with

final as (
    select
        -- dimensions
        scope as scope,
        team as team,
        kind as kind,
        name as name,
        is_enough as is_enough,
        -- measures
        reps as reps,
        share as share,
        share_low as share_low,
        share_high as share_high,
        cast(seconds as double) / 3600 as hours,
        seconds_per_rep_week / 3600 as hours_per_rep_week,
        seconds_per_rep_week_low / 3600 as hours_per_rep_week_low,
        seconds_per_rep_week_high / 3600 as hours_per_rep_week_high
    from estimates
)

select * from final
order by scope, team, kind, name
