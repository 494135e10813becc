-- What most marts are made of: counted time with its activity, and no more of it than they need.
-- Grain: one row per entry, uninterrupted stretch of it and activity that it names.
-- Expect: not_null(rep_number, activity_code, category, local_date, seconds), check(seconds > 0)
-- Kept: as a view, worked out once while the tables are built

with

final as (
    select
        -- ids
        entry_id as entry_id,
        source_id as source_id,
        rep_number as rep_number,
        wording_id as wording_id,
        opportunity_text_id as opportunity_text_id,
        channel_text_id as channel_text_id,
        rework_text_id as rework_text_id,
        could_do_text_id as could_do_text_id,
        activity_code as activity_code,
        -- dimensions
        category as category,
        matched_by in ('rule', 'code') as is_ruled,
        is_first_piece as is_first_piece,
        -- times
        local_date as local_date,
        start_second as start_second,
        local_start_second as local_start_second,
        -- measures
        seconds as seconds,
        logged_seconds as logged_seconds
    from int_parts
)

select * from final
