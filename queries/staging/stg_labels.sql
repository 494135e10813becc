-- Distinct labels with the activity code that stood beside them, if one did.
-- Grain: one row per label and code.
-- Expect: unique(label, code)
-- Kept: as a table

with

final as (
    select distinct
        label as label,
        code as code
    from stg_records
    where coalesce(label, code) is not null
)

select * from final
order by label nulls first, code nulls first
