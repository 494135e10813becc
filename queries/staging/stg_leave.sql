-- Who was away and when, as leave.csv tells; share is the part of the day, 1 where it does not say.
-- Grain: one row per line of leave.csv.
-- Expect: not_null(rep_id, first_date, last_date), check(last_date >= first_date), check(share > 0 and share <= 1)
-- Column: first_date = First day away.
-- Column: last_date = Last day away.
-- Column: kind = Kind of leave.
-- Column: share = Part of each day away.

with

final as (
    select
        -- ids
        trim(rep_id) as rep_id,
        -- dimensions
        coalesce(nullif(trim(kind), ''), 'leave') as kind,
        -- times
        cast(try_strptime(trim(first_date), ['%Y-%m-%d']) as date) as first_date,
        cast(
            try_strptime(coalesce(nullif(trim(last_date), ''), trim(first_date)), ['%Y-%m-%d']) as date
        ) as last_date,
        -- measures
        coalesce(try_cast(trim(share) as double), cast(1 as double)) as share
    from raw_leave
)

select * from final
