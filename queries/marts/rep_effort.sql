-- How much of each rep's work was logged. A rep-week is as many logged workdays as the week has (five by default),
-- so that a day nobody logged is left out and not counted as a day without work. team is the team as it may be shown:
-- teams under the smallest group that may be shown are together in "Other teams".
-- Grain: one row per rep with worked time.
-- Expect: unique(rep_id), not_null(rep_id, team), check(base_seconds > 0), check(rep_weeks > 0)
-- Column: team = Team as it may be shown; small ones are together in Other teams.

with

worked as (
    select
        rep_days.rep_id as rep_id,
        cast(sum(rep_days.worked_seconds) as bigint) as base_seconds,
        count(*) filter (where rep_days.is_workday) as workdays,
        count(*) as all_days
    from rep_days
    where rep_days.worked_seconds > 0
    group by rep_days.rep_id
),

final as (
    select
        -- ids
        worked.rep_id as rep_id,
        -- dimensions
        int_team_groups.shown_team as team,
        reps.role as role,
        reps.tier as tier,
        -- measures
        worked.base_seconds as base_seconds,
        case when worked.workdays > 0 then worked.workdays else worked.all_days end as logged_days,
        cast(case when worked.workdays > 0 then worked.workdays else worked.all_days end as double)
            / cfg_settings.workdays_per_week as rep_weeks
    from worked
    inner join reps
        on worked.rep_id = reps.rep_id
    inner join int_team_groups
        on reps.team = int_team_groups.team
    cross join cfg_settings
)

select * from final
