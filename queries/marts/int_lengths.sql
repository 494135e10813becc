-- How often each length of entry occurs for each rep and activity, and the time it makes: what medians are taken from.
-- Grain: one row per rep, activity and logged length.
-- Expect: unique(rep_number, activity_code, logged_seconds), check(seconds > 0)
-- Kept: as a table, by rep

with

final as (
    select
        -- ids
        rep_number as rep_number,
        activity_code as activity_code,
        -- dimensions
        category as category,
        -- measures
        logged_seconds as logged_seconds,
        count(*) as pieces,
        count(*) filter (where is_first_piece) as entries,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(case when is_ruled then seconds else 0 end) as bigint) as ruled_seconds
    from int_work
    group by
        rep_number,
        activity_code,
        category,
        logged_seconds
)

select * from final
