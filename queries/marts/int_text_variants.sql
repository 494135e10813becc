-- Texts that say the same as another one of their field but for blanks or case, each with the text it stands for.
-- Grain: one row per text that is not the first of its kind.
-- Expect: unique(text_id), check(text_id <> plain_id)

with

spelled as (
    select
        text_id as text_id,
        min(text_id) over (partition by field, value) as plain_id
    from stg_texts
    where value is not null
),

final as (
    select
        text_id as text_id,
        plain_id as plain_id
    from spelled
    where text_id <> plain_id
)

select * from final
