-- Distinct spellings of who logged.
-- Grain: one row per spelling.
-- Expect: unique(rep_text), not_null(rep_text)
-- Kept: as a table

with

final as (
    select distinct rep_text as rep_text
    from stg_records
    where rep_text is not null
)

select * from final
order by rep_text
