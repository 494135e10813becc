-- What the readers found wrong with records, with what was done about it.
-- Grain: one row per record, column and rule.
-- Expect: not_null(source_id, line, rule, treatment)
-- Column: line = Line of the file, counted from 1, in spans of line_span for its parts; null where it is about the
--   file.
-- Column: value = What stands there.

with

final as (
    select
        -- ids
        source_id as source_id,
        line as line,
        -- dimensions
        column_name as column_name,
        rule as rule,
        value as value,
        treatment as treatment
    from raw_issues
)

select * from final
