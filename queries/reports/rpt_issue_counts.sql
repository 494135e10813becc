-- How often each kind of issue occurs and how much time it concerns.
-- Grain: one row per rule and treatment.
-- Expect: unique(rule, treatment)

with

final as (
    select
        -- dimensions
        rule as rule,
        max(severity) as severity,
        max(title) as title,
        max(mend) as mend,
        treatment as treatment,
        -- measures
        count(*) as issues,
        cast(sum(seconds) as double) / 3600 as hours
    from issues
    group by
        rule,
        treatment
)

select * from final
order by treatment, issues desc, rule
