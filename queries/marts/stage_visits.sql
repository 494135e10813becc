-- Stays of opportunities in the steps of the selling process, in calendar and in working time, with the hours logged
-- on them.
-- An open visit lasts up to the last logged day. The window is the span of days that the log covers.
-- Grain: one row per opportunity and uninterrupted stay in a step.
-- Expect: unique(opportunity_id, visit_number), not_null(step_number, lead_seconds), check(lead_seconds >= 0),
-- check(lead_working_seconds >= 0)
-- Column: visit_number = Which stay of the opportunity, from 1.
-- Column: is_open = Whether the opportunity is still in the step at the end of the log.
-- Column: is_returned = Whether it went back to this or an earlier step: the work came back.
-- Column: is_lost = Whether the opportunity was lost out of this step.
-- Column: entered_second = When it entered the step, in seconds since 1970-01-01 UTC.
-- Column: left_second = When it left the step, in seconds since 1970-01-01 UTC; of an open visit the end of the log.
-- Column: lead_seconds = Length of the stay by the calendar.
-- Column: lead_working_seconds = Length of the stay in working hours.
-- Column: window_working_seconds = Part of the stay in the days that the log covers, in working hours.
-- Column: logged_seconds = Counted time logged on the opportunity during the stay.
-- Column: logged_reps = Reps who logged time on the opportunity during the stay.

with

study_calendar as (
    select calendar.*
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

log_window as (
    select
        min(study_calendar.day_start_second) as from_second,
        max(study_calendar.day_start_second + study_calendar.day_seconds) as to_second,
        min(study_calendar.working_day_number * cfg_settings.workday_seconds) as from_working,
        max(
            (study_calendar.working_day_number + case when study_calendar.is_workday then 1 else 0 end)
            * cfg_settings.workday_seconds
        ) as to_working
    from rep_days
    inner join study_calendar
        on rep_days.local_date = study_calendar.local_date
    cross join cfg_settings
),

-- The working clock of a moment: full workdays before it, and what has passed of its own.
dated as (
    select
        stg_stage_events.opportunity_id as opportunity_id,
        stg_stage_events.line as line,
        cfg_stages.step_number as step_number,
        study_calendar.day_start_second + stg_stage_events.entered_local_second as entered_second,
        study_calendar.working_day_number * cfg_settings.workday_seconds
        + case
            when study_calendar.is_workday then least(
                greatest(stg_stage_events.entered_local_second - cfg_settings.workday_start_second, 0),
                cfg_settings.workday_seconds
            )
            else 0
        end as entered_working
    from stg_stage_events
    inner join study_calendar
        on stg_stage_events.entered_date = study_calendar.local_date
    cross join cfg_settings
    left join cfg_stages
        on lower(stg_stage_events.stage) = cfg_stages.stage
    where stg_stage_events.is_plausible
),

known as (
    select dated.*
    from dated
    cross join log_window
    where dated.entered_second < log_window.to_second
),

changes as (
    select
        opportunity_id,
        line,
        step_number,
        entered_second,
        entered_working,
        lag(step_number) over (partition by opportunity_id order by entered_second, line) as step_before,
        row_number() over (partition by opportunity_id order by entered_second, line) as event_number
    from known
),

stays as (
    select
        opportunity_id,
        step_number,
        entered_second,
        entered_working,
        row_number() over (partition by opportunity_id order by event_number) as visit_number,
        lead(entered_second) over (partition by opportunity_id order by event_number) as left_second,
        lead(entered_working) over (partition by opportunity_id order by event_number) as left_working,
        lead(step_number) over (partition by opportunity_id order by event_number) as next_step,
        count(*) over (partition by opportunity_id) as events,
        row_number() over (partition by opportunity_id order by event_number) as place
    from changes
    where event_number = 1
        or (step_number is distinct from step_before)
),

steps_only as (
    select
        stays.opportunity_id as opportunity_id,
        stays.visit_number as visit_number,
        stays.step_number as step_number,
        stays.entered_second as entered_second,
        coalesce(stays.left_second, log_window.to_second) as left_second,
        stays.entered_working as entered_working,
        coalesce(stays.left_working, greatest(log_window.to_working, stays.entered_working)) as left_working,
        stays.left_second is null as is_open,
        coalesce(stays.next_step <= stays.step_number, false) as is_returned,
        stays.place < stays.events and stays.next_step is null as leaves_stream,
        log_window.from_working as from_working,
        log_window.to_working as to_working
    from stays
    cross join log_window
    where stays.step_number is not null
),

visited as (
    select
        stg_texts.text_id as opportunity_text_id,
        steps_only.opportunity_id as opportunity_id,
        steps_only.visit_number as visit_number,
        steps_only.entered_second as entered_second,
        steps_only.left_second as left_second
    from steps_only
    inner join stg_texts
        on steps_only.opportunity_id = stg_texts.value
        and stg_texts.field = 'opportunity'
),

touches as (
    select
        visited.opportunity_id as opportunity_id,
        visited.visit_number as visit_number,
        cast(sum(int_opportunity_work.seconds) as bigint) as logged_seconds,
        count(distinct int_opportunity_work.rep_number) as logged_reps
    from int_opportunity_work
    inner join visited
        on int_opportunity_work.opportunity_text_id = visited.opportunity_text_id
        and int_opportunity_work.start_second >= visited.entered_second
        and int_opportunity_work.start_second < visited.left_second
    group by
        visited.opportunity_id,
        visited.visit_number
),

final as (
    select
        -- ids
        steps_only.opportunity_id as opportunity_id,
        steps_only.visit_number as visit_number,
        -- dimensions
        steps_only.step_number as step_number,
        cfg_steps.step as step,
        steps_only.is_open as is_open,
        steps_only.is_returned as is_returned,
        steps_only.leaves_stream and coalesce(stg_opportunities.outcome, '') = 'lost' as is_lost,
        -- times
        steps_only.entered_second as entered_second,
        steps_only.left_second as left_second,
        -- measures
        steps_only.left_second - steps_only.entered_second as lead_seconds,
        steps_only.left_working - steps_only.entered_working as lead_working_seconds,
        greatest(
            least(steps_only.left_working, steps_only.to_working)
            - greatest(steps_only.entered_working, steps_only.from_working), 0
        ) as window_working_seconds,
        coalesce(touches.logged_seconds, 0) as logged_seconds,
        coalesce(touches.logged_reps, 0) as logged_reps
    from steps_only
    inner join cfg_steps
        on steps_only.step_number = cfg_steps.step_number
    left join touches
        on steps_only.opportunity_id = touches.opportunity_id
        and steps_only.visit_number = touches.visit_number
    left join stg_opportunities
        on steps_only.opportunity_id = stg_opportunities.opportunity_id
)

select * from final
