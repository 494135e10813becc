-- Counted time that names an opportunity.
-- Grain: one row per piece of time.
-- Expect: not_null(opportunity_text_id, rep_number, seconds)
-- Kept: as a table, by rep

with

final as (
    select
        -- ids
        opportunity_text_id as opportunity_text_id,
        rep_number as rep_number,
        -- times
        start_second as start_second,
        -- measures
        seconds as seconds
    from int_work
    where opportunity_text_id is not null
)

select * from final
