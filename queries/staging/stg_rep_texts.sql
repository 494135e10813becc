-- Spellings of who logged, as the rows or the settings of a source give them.
-- Grain: one row per text.
-- Expect: unique(text_id), not_null(text_id, rep_text)

with

used as (
    select text_id as text_id from raw_source_texts
    union
    select rep_default_text_id as text_id from raw_sources
),

final as (
    select
        -- ids
        raw_texts.text_id as text_id,
        -- dimensions
        trim(raw_texts.text) as rep_text
    from used
    inner join raw_texts
        on used.text_id = raw_texts.text_id
    where raw_texts.field = 'rep'
)

select * from final
