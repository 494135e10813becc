-- Distinct labels with the activity code that stood beside them, if one did.
-- Grain: one row per pair of label and code, which wording_id numbers.
-- Expect: unique(wording_id)
-- Kept: as a table

with

pairs as (
    select distinct
        label_text_id,
        code_text_id
    from raw_entries
),

final as (
    select
        -- ids
        coalesce(pairs.code_text_id, 0) * 4294967296 + coalesce(pairs.label_text_id, 0) as wording_id,
        -- dimensions
        labels.text as label,
        nullif(trim(codes.text), '') as code
    from pairs
    left join raw_texts as labels
        on pairs.label_text_id = labels.text_id
    left join raw_texts as codes
        on pairs.code_text_id = codes.text_id
)

select * from final
order by label nulls first, code nulls first, wording_id
