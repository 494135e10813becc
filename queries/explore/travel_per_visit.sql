-- How much travel does a customer visit take? Travel beside the time spent with customers on the spot, for each role.
-- Grain: one row per role.
-- Set: channel = face-to-face (what counts as a visit, where the customer is there)

with

told as (
    select
        reps.role as role,
        entries.entry_id as entry_id,
        entries.seconds as seconds,
        entries.category = 'travel' as is_travel,
        entries.channel = $channel and coalesce(activity_facts.is_customer_facing, false) as is_visit
    from entries
    inner join reps
        on entries.rep_id = reps.rep_id
    left join activity_facts
        on entries.activity_code = activity_facts.activity_code
),

totals as (
    select
        role,
        count(distinct case when is_visit then entry_id end) as visits,
        cast(sum(case when is_visit then seconds else 0 end) as bigint) as visit_seconds,
        cast(sum(case when is_travel then seconds else 0 end) as bigint) as travel_seconds
    from told
    group by role
),

final as (
    select
        -- dimensions
        role as role,
        -- measures
        visits as visits,
        round(cast(visit_seconds as double) / 3600, 1) as visit_hours,
        round(cast(travel_seconds as double) / 3600, 1) as travel_hours,
        round(cast(visit_seconds as double) / 60 / nullif(visits, 0), 1) as minutes_per_visit,
        round(cast(travel_seconds as double) / 60 / nullif(visits, 0), 1) as travel_minutes_per_visit,
        round(cast(travel_seconds as double) / nullif(visit_seconds, 0), 2) as travel_per_visit_hour
    from totals
)

select * from final
order by role
