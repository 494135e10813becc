-- Time whose label no rule knows, or that a rule calls too vague.
-- Grain: one row per rep, wording and rule.
-- Expect: unique(rep_number, wording_id, rule_id)
-- Kept: as a table, by rep

with

final as (
    select
        -- ids
        rep_number as rep_number,
        wording_id as wording_id,
        rule_id as rule_id,
        -- measures
        count(*) filter (where is_first_piece) as entries,
        cast(sum(seconds) as bigint) as seconds
    from int_work
    where activity_code = 'U'
    group by
        rep_number,
        wording_id,
        rule_id
)

select * from final
