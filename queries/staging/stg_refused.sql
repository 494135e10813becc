-- Files that could not be read, why, and how to mend it.
-- Grain: one row per file and reason.
-- Expect: not_null(file, code)
-- Column: code = Code of the reason.

with

final as (
    select
        -- dimensions
        file as file,
        code as code,
        place as place,
        what as what,
        mend as mend
    from raw_refused
)

select * from final
