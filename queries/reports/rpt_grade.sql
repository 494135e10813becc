-- How far the log can be trusted: the grade of the whole study, what it comes from, and how much of the time was logged.
-- Grain: one row.
-- Expect: check(grade is null or grade in ('A', 'B', 'C', 'D'))

with

final as (
    select
        -- dimensions
        grade as grade,
        limited_by as limited_by,
        -- measures
        coverage_share as coverage_share
    from source_grades
    where source_id is null
)

select * from final
