-- Every activity with its hours, cost, scores, verdict, route and evidence.
-- Grain: one row per activity that was logged.
-- Expect: unique(activity_code), not_null(activity, hours_per_rep_week)
-- Column: step = Step of the selling process it belongs to; empty for work outside the steps.

with

final as (
    select
        -- ids
        activity_facts.activity_code as activity_code,
        -- dimensions
        activity_facts.activity as activity,
        activity_facts.category as category,
        activity_facts.value_class as value_class,
        activity_facts.step as step,
        verdicts.final_verdict as verdict,
        verdicts.computed_verdict as computed_verdict,
        verdicts.is_candidate as is_candidate,
        verdicts.override_reason as override_reason,
        verdicts.route as route,
        verdicts.confidence as confidence,
        verdicts.evidence as evidence,
        activity_facts.reps_doing >= cfg_study.min_group as is_shown,
        -- measures
        activity_facts.reps_doing as reps_doing,
        activity_facts.entries as entries,
        activity_facts.seconds as seconds,
        estimates.share as share,
        estimates.seconds_per_rep_week / 3600 as hours_per_rep_week,
        estimates.seconds_per_rep_week_low / 3600 as hours_per_rep_week_low,
        estimates.seconds_per_rep_week_high / 3600 as hours_per_rep_week_high,
        activity_costs.cost_per_week as cost_per_week,
        verdicts.eliminate_score as eliminate_score,
        verdicts.simplify_score as simplify_score,
        verdicts.automate_score as automate_score,
        verdicts.eliminate_uncovered_share as eliminate_uncovered_share,
        verdicts.simplify_uncovered_share as simplify_uncovered_share,
        verdicts.automate_uncovered_share as automate_uncovered_share,
        verdicts.freed_seconds_per_rep_week / 3600 as freed_hours_per_rep_week,
        verdicts.freed_seconds_per_rep_week_low / 3600 as freed_hours_per_rep_week_low,
        verdicts.freed_seconds_per_rep_week_high / 3600 as freed_hours_per_rep_week_high
    from activity_facts
    inner join estimates
        on activity_facts.activity_code = estimates.name
        and estimates.kind = 'activity'
        and estimates.scope = 'all'
    inner join verdicts
        on activity_facts.activity_code = verdicts.activity_code
    inner join activity_costs
        on activity_facts.activity_code = activity_costs.activity_code
    cross join cfg_study
)

select * from final
order by hours_per_rep_week desc, activity_code
