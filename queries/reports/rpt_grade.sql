-- How far the log can be trusted: the grade of the whole study, what it comes from, and how much of the time was logged.
-- Grain: one row.
-- Expect: check(grade is null or grade in ('A', 'B', 'C', 'D'))
-- Column: grade = Grade of the log, A to D; null where nothing can be measured.
-- Column: limited_by = Criteria that the grade comes from; null for an A.
-- Column: coverage_share = Counted time, no day beyond what was expected, over expected time.

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
