-- People as the CRM exports among the logs name them: the ids, names and e-mails one person goes by. They belong to the
-- study only if the roster knows them.
-- Grain: one row per person and export.
-- Expect: unique(source_id, line), not_null(source_id, line, crm_user_id)
-- Column: line = Line of the file, counted from 1, in spans of line_span for its parts.
-- Column: name = Name of the person.
-- Column: aliases = Other spellings, parted by semicolons.

with

final as (
    select
        -- ids
        source_id as source_id,
        line as line,
        trim(rep_id) as crm_user_id,
        -- dimensions
        nullif(trim(name), '') as name,
        nullif(trim(email), '') as email,
        nullif(trim(aliases), '') as aliases
    from raw_crm_people
    where trim(rep_id) <> ''
)

select * from final
