-- Time whose label no rule knows, or that a rule calls too vague.
-- Grain: one row per rep, wording and rule.
-- Expect: unique(rep_number, wording_id, rule_id)
-- Kept: as a table, by rep

with

unknown as (
    select
        rep_number,
        wording_id,
        count(*) filter (where is_first_piece) as entries,
        cast(sum(seconds) as bigint) as seconds
    from int_work
    where activity_code = 'U'
    group by
        rep_number,
        wording_id
),

final as (
    select
        -- ids
        unknown.rep_number as rep_number,
        unknown.wording_id as wording_id,
        int_wordings.rule_id as rule_id,
        -- measures
        unknown.entries as entries,
        unknown.seconds as seconds
    from unknown
    inner join int_wordings
        on unknown.wording_id = int_wordings.wording_id
        and int_wordings.activity_code = 'U'
)

select * from final
