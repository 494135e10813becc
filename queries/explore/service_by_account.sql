-- Which customers keep reps busy with trouble? Hours on service problems and on orders gone wrong, beside the selling
-- done for the same customer.
-- Grain: one row per account, the one with most trouble first.
-- Set: service = F3 (what the codes of service problems begin with)
-- Set: orders = A2 (what the codes of ordering begin with)
-- Set: limit = 30 (accounts shown)

with

totals as (
    select
        account,
        count(distinct rep_id) as reps,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when activity_code like concat($service, '%') then seconds else 0 end) as bigint)
            as service_seconds,
        cast(sum(case when activity_code like concat($orders, '%') then seconds else 0 end) as bigint) as order_seconds,
        cast(sum(case when category = 'selling' then seconds else 0 end) as bigint) as selling_seconds
    from entries
    where account is not null
        and category <> 'non_work'
    group by account
),

final as (
    select
        -- dimensions
        account as account,
        -- measures
        reps as reps,
        round(cast(seconds as double) / 3600, 1) as hours,
        round(cast(service_seconds as double) / 3600, 1) as service_hours,
        round(cast(order_seconds as double) / 3600, 1) as order_hours,
        round(cast(selling_seconds as double) / 3600, 1) as selling_hours,
        round(cast(service_seconds + order_seconds as double) / seconds, 3) as share_of_trouble
    from totals
)

select * from final
order by service_hours + order_hours desc, hours desc, account
limit $limit
