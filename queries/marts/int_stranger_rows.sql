-- Rows and time of each spelling of who logged that the roster does not know; none where there is no roster.
-- Grain: one row per spelling.
-- Expect: unique(rep_text), not_null(rep_text, records, seconds)

with

strangers as (
    select
        stg_rep_texts.text_id as text_id,
        stg_rep_texts.rep_text as rep_text
    from int_reps
    inner join stg_rep_texts
        on int_reps.rep_text = stg_rep_texts.rep_text
    where not int_reps.is_in_roster
        and exists (select 1 from stg_reps)
),

final as (
    select
        -- dimensions
        strangers.rep_text as rep_text,
        -- measures
        count(*) as records,
        cast(sum(case when int_entries.problem is null then int_entries.seconds else 0 end) as bigint) as seconds
    from stg_entries
    inner join strangers
        on stg_entries.rep_text_id = strangers.text_id
    inner join int_entries
        on stg_entries.entry_id = int_entries.entry_id
    -- a system that acts by itself is nobody's spelling
    where int_entries.problem is null
        or int_entries.problem <> 'event/system'
    group by strangers.rep_text
)

select * from final
