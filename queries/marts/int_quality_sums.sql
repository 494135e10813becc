-- What each detector found, in all (rule is null) and rule by rule, and what the other treatment would change of worked
-- and selling time. rows_without_length counts rows of which nothing can be measured.
-- Grain: one row per detector that found something, and per rule of it.
-- Expect: unique(detector, rule), not_null(detector, affected_rows)

with

days as (
    select
        detector,
        rule,
        rep_id,
        local_date,
        cast(sum(entries) as bigint) as affected_rows,
        cast(sum(case when worked_seconds is null then entries else 0 end) as bigint) as rows_without_length,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when worked_seconds is not null then 1 else 0 end) as bigint) as measured,
        cast(sum(case when is_counted then 0 - worked_seconds else worked_seconds end) as bigint) as worked_change,
        cast(sum(case when is_counted then 0 - selling_seconds else selling_seconds end) as bigint) as selling_change
    from quality_flags
    group by
        detector,
        rule,
        rep_id,
        local_date
),

-- A day that two rules of one detector flag is one day.
distinct_days as (
    select
        detector,
        count(*) as days
    from (
        select distinct
            detector as detector,
            rep_id as rep_id,
            local_date as local_date
        from days
        where rep_id is not null
            and local_date is not null
    ) as flagged_days
    group by detector
),

by_rule as (
    select
        detector,
        rule,
        sum(affected_rows) as affected_rows,
        sum(rows_without_length) as rows_without_length,
        count(distinct rep_id) as reps,
        count(*) filter (where rep_id is not null and local_date is not null) as days,
        sum(seconds) as seconds,
        sum(measured) as measured,
        sum(worked_change) as worked_change,
        sum(selling_change) as selling_change
    from days
    group by
        detector,
        rule
),

in_all as (
    select
        days.detector as detector,
        cast(null as string) as rule,
        sum(days.affected_rows) as affected_rows,
        sum(days.rows_without_length) as rows_without_length,
        count(distinct days.rep_id) as reps,
        coalesce(max(distinct_days.days), 0) as days,
        sum(days.seconds) as seconds,
        sum(days.measured) as measured,
        sum(days.worked_change) as worked_change,
        sum(days.selling_change) as selling_change
    from days
    left join distinct_days
        on days.detector = distinct_days.detector
    group by days.detector
),

everything as (
    select * from by_rule
    union all
    select * from in_all
),

final as (
    select
        -- ids
        detector as detector,
        rule as rule,
        -- measures
        cast(affected_rows as bigint) as affected_rows,
        cast(rows_without_length as bigint) as rows_without_length,
        cast(reps as bigint) as reps,
        cast(days as bigint) as days,
        cast(seconds as bigint) as seconds,
        cast(measured as bigint) as measured,
        cast(worked_change as bigint) as worked_change,
        cast(selling_change as bigint) as selling_change
    from everything
)

select * from final
