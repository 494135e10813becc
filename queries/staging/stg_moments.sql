-- Texts of dates and clock times that each source has, taken apart where one cell holds both.
-- Grain: one row per source and text.
-- Expect: unique(source_id, text_id), not_null(source_id, text_id, field)
-- Kept: as a table, by source
-- Column: field = Field that the text stands in, such as date_text.

with

texts as (
    select
        raw_source_texts.source_id as source_id,
        raw_source_texts.text_id as text_id,
        raw_texts.field as field,
        nullif(trim(raw_texts.text), '') as value
    from raw_source_texts
    inner join raw_texts
        on raw_source_texts.text_id = raw_texts.text_id
    where raw_texts.field in ('date_text', 'start_text', 'end_date_text', 'end_text', 'logged_text')
),

-- Where a cell holds date and clock time, the place between them: a T, or the last blank before the first colon.
-- "9:05 AM" has none, nor has "5 January 2026".
placed as (
    select
        *,
        case
            when field = 'end_date_text' then 0
            when strpos(value, 'T') between 9 and 11 then strpos(value, 'T')
            when strpos(left(value, greatest(strpos(value, ':') - 1, 0)), ' ') = 0 then 0
            else strpos(value, ':') - strpos(reverse(left(value, strpos(value, ':') - 1)), ' ')
        end as break
    from texts
),

final as (
    select
        -- ids
        source_id as source_id,
        text_id as text_id,
        -- dimensions
        field as field,
        case
            when break > 0 then left(value, break - 1)
            when field in ('date_text', 'end_date_text', 'logged_text') then value
        end as date_text,
        case
            when break > 0 then substr(value, break + 1)
            when field in ('start_text', 'end_text') then value
        end as clock_text
    from placed
)

select * from final
