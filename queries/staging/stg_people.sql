-- People as the exports of a CRM name them: its users.
-- Grain: one row per record of a table of users.
-- Expect: not_null(source_id, crm_user_id)

with

final as (
    select
        -- ids
        source_id as source_id,
        trim(rep_id) as crm_user_id,
        -- dimensions
        nullif(trim(name), '') as name,
        nullif(trim(email), '') as email,
        nullif(trim(aliases), '') as aliases
    from raw_crm_people
    where trim(rep_id) <> ''
)

select * from final
