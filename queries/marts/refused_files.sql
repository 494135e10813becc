-- Files of the logs that are not in the study because they cannot be read, and how to mend each.
-- Grain: one row per file and reason.
-- Expect: not_null(file, code)
-- Column: code = Code of the reason.

with

final as (
    select * from stg_refused
)

select * from final
order by file, place nulls last, code, what
