-- Issues of each file and sheet by kind.
-- Grain: one row per source, rule and treatment.
-- Expect: unique(source_id, rule, treatment), not_null(source_id, rule, issues)
-- Column: example = What stands in one of these places.

with

final as (
    select
        -- ids
        source_id as source_id,
        -- dimensions
        rule as rule,
        treatment as treatment,
        min(title) as title,
        min(value) as example,
        -- measures
        count(*) as issues,
        cast(sum(seconds) as double) / 3600 as hours
    from issues
    where source_id is not null
    group by
        source_id,
        rule,
        treatment
)

select * from final
order by source_id, issues desc nulls last, rule, treatment
