-- Rows of CRM exports among the logs that are no entries, to account for each.
-- Grain: one row per record that was taken in.
-- Expect: unique(source_id, line), not_null(source_id, line)
-- Column: line = Line of the file, counted from 1, in spans of line_span for its parts.

with

final as (
    select source_id as source_id, line as line from raw_crm_opportunities
    union all
    select source_id as source_id, line as line from raw_crm_stage_events
    union all
    select source_id as source_id, line as line from raw_crm_people
)

select * from final
