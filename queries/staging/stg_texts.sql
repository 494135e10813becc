-- Distinct texts of the logs as they are compared: without blanks at the ends, answers in lower case, labels as typed.
-- Grain: one row per text and field.
-- Expect: unique(text_id), not_null(text_id, field)
-- Column: field = Field that the text stands in, such as label or channel.
-- Column: value = The text as it is compared; null where nothing is left of it.

with

final as (
    select
        -- ids
        text_id as text_id,
        -- dimensions
        field as field,
        case
            when field = 'label' then text
            when field in ('channel', 'rework', 'could_do') then lower(nullif(trim(text), ''))
            else nullif(trim(text), '')
        end as value
    from raw_texts
)

select * from final
