-- Spellings of whose an opportunity is, as CRM exports and opportunities.csv give them.
-- Grain: one row per text.
-- Expect: unique(rep_text), not_null(rep_text)
-- Column: rep_text = Whose an opportunity is, as typed.

with

final as (
    select distinct rep_id as rep_text
    from stg_opportunities
    where rep_id is not null
)

select * from final
