-- What each pair of label and code stands for; a label that names several activities has a row for each.
-- Grain: one row per wording and part.
-- Expect: unique(wording_id, part_number), not_null(wording_id, activity_code, category)

with

final as (
    select
        -- ids
        stg_labels.wording_id as wording_id,
        cfg_taxonomy.activity_code as activity_code,
        coalesce(int_labels.rule_id, 'no-label') as rule_id,
        -- dimensions
        cfg_taxonomy.category as category,
        coalesce(int_labels.matched_by, 'none') as matched_by,
        stg_labels.label as label,
        coalesce(int_labels.part_number, 1) as part_number,
        coalesce(int_labels.parts, 1) as parts
    from stg_labels
    left join int_labels
        on coalesce(stg_labels.label, '') = coalesce(int_labels.label, '')
        and coalesce(stg_labels.code, '') = coalesce(int_labels.code, '')
    inner join cfg_taxonomy
        on coalesce(int_labels.activity_code, 'U') = cfg_taxonomy.activity_code
)

select * from final
