-- Days of a rep that a detector doubts, or that another treatment would count otherwise. For days without enough,
-- seconds is the time that is missing; else it is the time concerned. worked_seconds and selling_seconds are what the
-- other treatment takes out of the study's figures (is_counted), or adds to them.
-- Grain: one row per rule, rep and local day.
-- Expect: unique(rule, rep_id, local_date), not_null(detector, rule, rep_id, local_date)

with

limits as (
    select max(case when name = 'long_day_seconds' then value end) as long_day_seconds
    from cfg_quality_limits
),

loggers as (
    select
        rep_id,
        min(local_date) as first_date
    from coverage_days
    where counted_seconds > 0
        and status <> 'outside'
    group by rep_id
),

days as (
    select
        int_rep_numbers.rep_id as rep_id,
        int_quality_days.local_date as local_date,
        cast(sum(int_quality_days.vague_entries) as bigint) as vague_entries,
        cast(sum(int_quality_days.similar_entries) as bigint) as similar_entries,
        cast(sum(int_quality_days.non_work_entries) as bigint) as non_work_entries,
        cast(sum(int_quality_days.unclassified_seconds) as bigint) as unclassified_seconds,
        cast(sum(int_quality_days.similar_seconds) as bigint) as similar_seconds,
        cast(sum(int_quality_days.similar_selling_seconds) as bigint) as similar_selling_seconds,
        cast(sum(int_quality_days.non_work_seconds) as bigint) as non_work_seconds
    from int_quality_days
    inner join int_rep_numbers
        on int_quality_days.rep_number = int_rep_numbers.text_id
    group by
        int_rep_numbers.rep_id,
        int_quality_days.local_date
),

flagged as (
    select
        1 as detector,
        concat('day/', coverage_days.status) as rule,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        true as is_counted,
        coverage_days.entries as entries,
        greatest(coverage_days.expected_seconds - coverage_days.counted_seconds, 0) as seconds,
        coverage_days.worked_seconds as worked_seconds,
        coverage_days.selling_seconds as selling_seconds
    from coverage_days
    inner join loggers
        on coverage_days.rep_id = loggers.rep_id
    where coverage_days.status in ('missing', 'part')
    union all
    select
        2 as detector,
        'day/thin' as rule,
        rep_id as rep_id,
        local_date as local_date,
        true as is_counted,
        entries as entries,
        counted_seconds as seconds,
        worked_seconds as worked_seconds,
        selling_seconds as selling_seconds
    from coverage_days
    where status = 'thin'
    union all
    select
        6 as detector,
        'day/over_16h' as rule,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        true as is_counted,
        coverage_days.entries as entries,
        coverage_days.counted_seconds as seconds,
        coverage_days.worked_seconds as worked_seconds,
        coverage_days.selling_seconds as selling_seconds
    from coverage_days
    cross join limits
    where coverage_days.counted_seconds > limits.long_day_seconds
    union all
    select
        13 as detector,
        'day/copied' as rule,
        int_rep_numbers.rep_id as rep_id,
        int_quality_profiles.local_date as local_date,
        true as is_counted,
        cast(0 as bigint) as entries,
        cast(0 as bigint) as seconds,
        cast(0 as bigint) as worked_seconds,
        cast(0 as bigint) as selling_seconds
    from int_quality_profiles
    inner join int_rep_numbers
        on int_quality_profiles.rep_number = int_rep_numbers.text_id
    union all
    select
        15 as detector,
        'label/vague' as rule,
        rep_id as rep_id,
        local_date as local_date,
        true as is_counted,
        vague_entries as entries,
        unclassified_seconds as seconds,
        unclassified_seconds as worked_seconds,
        cast(0 as bigint) as selling_seconds
    from days
    where unclassified_seconds > 0
    union all
    -- not read as meant, these would be unclassified: worked time all the same, but no selling
    select
        16 as detector,
        'label/similar' as rule,
        rep_id as rep_id,
        local_date as local_date,
        true as is_counted,
        similar_entries as entries,
        similar_seconds as seconds,
        cast(0 as bigint) as worked_seconds,
        similar_selling_seconds as selling_seconds
    from days
    where similar_seconds > 0
    union all
    select
        18 as detector,
        'rep/not_in_roster' as rule,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        true as is_counted,
        coverage_days.entries as entries,
        coverage_days.counted_seconds as seconds,
        coverage_days.worked_seconds as worked_seconds,
        coverage_days.selling_seconds as selling_seconds
    from coverage_days
    inner join reps
        on coverage_days.rep_id = reps.rep_id
    where not reps.is_in_roster
        and coverage_days.counted_seconds > 0
        and exists (select 1 from stg_reps)
    union all
    select
        19 as detector,
        'day/first' as rule,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        true as is_counted,
        coverage_days.entries as entries,
        coverage_days.counted_seconds as seconds,
        coverage_days.worked_seconds as worked_seconds,
        coverage_days.selling_seconds as selling_seconds
    from coverage_days
    inner join loggers
        on coverage_days.rep_id = loggers.rep_id
        and coverage_days.local_date = loggers.first_date
    union all
    select
        20 as detector,
        int_quality_weeks.rule as rule,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        true as is_counted,
        coverage_days.entries as entries,
        coverage_days.counted_seconds as seconds,
        coverage_days.worked_seconds as worked_seconds,
        coverage_days.selling_seconds as selling_seconds
    from coverage_days
    inner join int_quality_weeks
        on coverage_days.rep_id = int_quality_weeks.rep_id
        and coverage_days.week_start_date = int_quality_weeks.week_start_date
    where coverage_days.counted_seconds > 0
    union all
    select
        22 as detector,
        'base/non_work' as rule,
        rep_id as rep_id,
        local_date as local_date,
        false as is_counted,
        non_work_entries as entries,
        non_work_seconds as seconds,
        non_work_seconds as worked_seconds,
        cast(0 as bigint) as selling_seconds
    from days
    where non_work_seconds > 0
),

final as (
    select
        -- ids
        cast(detector as bigint) as detector,
        rule as rule,
        rep_id as rep_id,
        -- dimensions
        is_counted as is_counted,
        -- times
        local_date as local_date,
        -- measures
        entries as entries,
        seconds as seconds,
        worked_seconds as worked_seconds,
        selling_seconds as selling_seconds
    from flagged
)

select * from final
