-- How much time does each customer take, and how much of it is selling?
-- Grain: one row per account, the longest first.
-- Set: limit = 30 (accounts shown)

with

final as (
    select
        -- dimensions
        account as account,
        -- measures
        count(distinct rep_id) as reps,
        round(cast(sum(seconds) as double) / 3600, 1) as hours,
        round(cast(sum(case when category = 'selling' then seconds else 0 end) as double) / sum(seconds), 2)
            as selling_share
    from entries
    where account is not null
    group by account
)

select * from final
order by hours desc, account
limit $limit
