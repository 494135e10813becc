-- Time in activity reports, and the part of it that says again what the rep's own CRM entry already holds: a report
-- within 24 hours of one.
-- Grain: one row per rep and activity.
-- Expect: unique(rep_number, activity_code), check(repeating_seconds <= seconds)
-- Kept: as a table, by rep

with

reporting as (
    select
        rep_number,
        activity_code,
        seconds,
        start_second,
        case when activity_code = 'A11' then start_second end as crm_second
    from int_work
    where activity_code in ('A11', 'A13', 'A14')
        and start_second is not null
),

neighbours as (
    select
        rep_number,
        activity_code,
        seconds,
        start_second,
        max(crm_second) over (
            partition by rep_number
            order by start_second, activity_code, seconds
            rows between unbounded preceding and current row
        ) as crm_before,
        min(crm_second) over (
            partition by rep_number
            order by start_second, activity_code, seconds
            rows between current row and unbounded following
        ) as crm_after
    from reporting
),

final as (
    select
        -- ids
        rep_number as rep_number,
        activity_code as activity_code,
        -- measures
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(
            case when crm_before >= start_second - 86400 or crm_after <= start_second + 86400 then seconds else 0 end
        ) as bigint) as repeating_seconds
    from neighbours
    where activity_code <> 'A11'
    group by
        rep_number,
        activity_code
)

select * from final
