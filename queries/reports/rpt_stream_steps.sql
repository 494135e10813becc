-- The steps of the value stream with the data box of each. Null is "not measured", never nothing.
-- Grain: one row per step of the selling process.
-- Expect: unique(step_number), not_null(step_number, step)

with

measured as (
    select
        stream_steps.*,
        max(process_seconds) over () as worst_process,
        min(process_seconds) over () as best_process,
        max(lead_working_seconds) over () as worst_lead,
        min(lead_working_seconds) over () as best_lead,
        min(complete_accurate_share) over () as worst_complete_accurate,
        max(complete_accurate_share) over () as best_complete_accurate,
        max(people) over () as worst_people,
        min(people) over () as best_people
    from stream_steps
),

final as (
    select
        -- ids
        measured.step_number as step_number,
        -- dimensions
        measured.step as step,
        measured.journey as journey,
        coalesce(
            measured.best_process < measured.worst_process and measured.process_seconds = measured.worst_process, false
        ) as is_worst_process,
        coalesce(
            measured.best_lead < measured.worst_lead and measured.lead_working_seconds = measured.worst_lead, false
        ) as is_worst_lead,
        coalesce(
            measured.worst_complete_accurate < measured.best_complete_accurate
            and measured.complete_accurate_share = measured.worst_complete_accurate, false
        ) as is_worst_complete_accurate,
        coalesce(
            measured.best_people < measured.worst_people and measured.people = measured.worst_people, false
        ) as is_worst_people,
        -- measures
        measured.process_seconds / 3600 as process_hours,
        measured.lead_working_seconds / cfg_settings.workday_seconds as lead_days,
        measured.complete_accurate_share as complete_accurate_share,
        measured.people as people,
        measured.visits as visits
    from measured
    cross join cfg_settings
)

select * from final
order by step_number
