-- Which customers did two reps meet at the same time? Time that two reps spent with the same customer together; each
-- pair of reps counts once.
-- Grain: one row per account and pair of activities, the longest first.
-- Set: minutes = 5 (shared time that is too short to count)
-- Set: limit = 30 (rows shown)

with

met as (
    select
        entries.rep_id as rep_id,
        entries.entry_id as entry_id,
        entries.activity_code as activity_code,
        activity_facts.activity as activity,
        entries.account as account,
        entries.local_date as local_date,
        entries.start_second as start_second,
        entries.end_second as end_second
    from entries
    inner join activity_facts
        on entries.activity_code = activity_facts.activity_code
    where entries.account is not null
        and entries.start_second is not null
        and activity_facts.is_customer_facing
),

pairs as (
    select
        ones.account as account,
        ones.activity as activity,
        others.activity as other_activity,
        ones.local_date as local_date,
        least(ones.end_second, others.end_second) - greatest(ones.start_second, others.start_second) as seconds
    from met as ones
    inner join met as others
        on ones.account = others.account
        and ones.local_date = others.local_date
        and ones.rep_id < others.rep_id
        and ones.start_second < others.end_second
        and others.start_second < ones.end_second
),

final as (
    select
        -- dimensions
        account as account,
        activity as activity,
        other_activity as other_activity,
        -- times
        min(local_date) as first_date,
        max(local_date) as last_date,
        -- measures
        count(*) as meetings,
        round(cast(sum(seconds) as double) / 3600, 2) as hours_together
    from pairs
    where seconds > $minutes * 60
    group by
        account,
        activity,
        other_activity
)

select * from final
order by hours_together desc, account, activity, other_activity
limit $limit
