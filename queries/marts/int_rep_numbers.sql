-- Spellings of who logged, each with the rep it stands for. rep_number is the text_id of one of a rep's spellings, so
-- that a join on text_id gives back the rep. time_zone is the one that the roster gives the rep, if it does.
-- Grain: one row per text.
-- Expect: unique(text_id), not_null(text_id, rep_number, rep_id)

with

final as (
    select
        -- ids
        stg_rep_texts.text_id as text_id,
        min(stg_rep_texts.text_id) over (partition by int_reps.rep_id) as rep_number,
        int_reps.rep_id as rep_id,
        -- dimensions
        stg_reps.time_zone as time_zone
    from stg_rep_texts
    inner join int_reps
        on stg_rep_texts.rep_text = int_reps.rep_text
    left join stg_reps
        on int_reps.rep_id = stg_reps.rep_id
)

select * from final
