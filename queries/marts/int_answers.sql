-- Time by what the reps said of it: done again or not, by which channel, who else could do it.
-- Grain: one row per rep, activity and set of answers.
-- Expect: check(seconds > 0)
-- Kept: as a table, by rep

with

final as (
    select
        -- ids
        rep_number as rep_number,
        activity_code as activity_code,
        rework_text_id as rework_text_id,
        channel_text_id as channel_text_id,
        could_do_text_id as could_do_text_id,
        -- measures
        cast(sum(seconds) as bigint) as seconds
    from int_work
    group by
        rep_number,
        activity_code,
        rework_text_id,
        channel_text_id,
        could_do_text_id
)

select * from final
