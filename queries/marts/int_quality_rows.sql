-- Rows with an issue that belongs to a detector. For rows that do not count, seconds, worked_seconds and
-- selling_seconds are what they would add to the counted time; null where no length can be read. Of rows that count
-- (noted) only the number is told here.
-- Grain: one row per rule, treatment, rep, local day and source.
-- Expect: not_null(detector, rule, treatment), check(worked_seconds is null or worked_seconds <= seconds)
-- Kept: as a table, by rep

with

-- Which part of a label's time is selling, and which is work at all.
parts as (
    select
        wording_id,
        cast(count(*) filter (where category = 'selling') as double) / count(*) as selling_part,
        cast(count(*) filter (where category <> 'non_work') as double) / count(*) as worked_part
    from int_wordings
    group by wording_id
),

measured as (
    select
        cfg_detector_rules.detector as detector,
        int_row_issues.rule as rule,
        int_row_issues.treatment as treatment,
        int_row_issues.rep_number as rep_number,
        int_row_issues.local_date as local_date,
        int_row_issues.source_id as source_id,
        int_row_issues.treatment in ('set_aside', 'duplicate', 'split') as is_excluded,
        int_row_issues.seconds as seconds,
        cast(floor(int_row_issues.seconds * coalesce(parts.worked_part, cast(1 as double))) as bigint) as worked_seconds,
        cast(floor(int_row_issues.seconds * coalesce(parts.selling_part, cast(0 as double))) as bigint) as selling_seconds
    from int_row_issues
    inner join cfg_detector_rules
        on int_row_issues.rule = cfg_detector_rules.rule
    left join parts
        on int_row_issues.wording_id = parts.wording_id
    where int_row_issues.rule <> 'entry/imputed'
),

final as (
    select
        -- ids
        detector as detector,
        rule as rule,
        rep_number as rep_number,
        source_id as source_id,
        -- dimensions
        treatment as treatment,
        not is_excluded as is_counted,
        -- times
        local_date as local_date,
        -- measures
        count(*) as entries,
        cast(sum(case when is_excluded then seconds end) as bigint) as seconds,
        cast(sum(case when is_excluded then worked_seconds end) as bigint) as worked_seconds,
        cast(sum(case when is_excluded then selling_seconds end) as bigint) as selling_seconds
    from measured
    group by
        detector,
        rule,
        rep_number,
        source_id,
        treatment,
        is_excluded,
        local_date
)

select * from final
