-- What does a won deal cost in hours, what a lost one, by lead source? Only time that names the opportunity, and only
-- opportunities that such time was logged on. What was done before the log began or after it ended is not in it:
-- compare the figures, do not budget by them.
-- Grain: one row per lead source and outcome.

with

final as (
    select
        -- dimensions
        lead_source as lead_source,
        outcome as outcome,
        -- measures
        count(*) as opportunities,
        round(cast(sum(logged_seconds) as double) / 3600 / count(*), 1) as hours_each,
        round(cast(sum(logged_seconds) as double) / 3600, 1) as hours
    from opportunities
    where logged_seconds is not null
    group by
        lead_source,
        outcome
)

select * from final
order by lead_source nulls last, outcome nulls last
