-- What each detector found in all, and what the other treatment would change of worked and selling time.
-- rows_without_length counts rows of which nothing can be measured.
-- Grain: one row per detector that found something.
-- Expect: unique(detector), not_null(detector, affected_rows)

with

-- days first, so that no texts need to be told apart by the million
days as (
    select
        detector,
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
        rep_id,
        local_date
),

final as (
    select
        -- ids
        detector as detector,
        -- measures
        cast(sum(affected_rows) as bigint) as affected_rows,
        cast(sum(rows_without_length) as bigint) as rows_without_length,
        count(distinct rep_id) as reps,
        count(*) filter (where rep_id is not null and local_date is not null) as days,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(measured) as bigint) as measured,
        cast(sum(worked_change) as bigint) as worked_change,
        cast(sum(selling_change) as bigint) as selling_change
    from days
    group by detector
)

select * from final
