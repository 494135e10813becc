-- Accounts as the logs name them, fit to be compared: names without regard to case, ids of a CRM as they are, those of
-- Salesforce by their first 15 characters.
-- Grain: one row per text.
-- Expect: unique(text_id), not_null(text_id, account, is_id)
-- Column: account = Customer fit to be compared: a name in lower case, an id as it is.
-- Column: is_id = Whether it is an id of a CRM and no name.

with

texts as (
    select
        text_id as text_id,
        trim(text) as account,
        regexp_full_match(trim(text), '001[0-9A-Za-z]{12}([0-9A-Za-z]{3})?') as is_of_salesforce,
        regexp_full_match(trim(text), '[0-9]+') as is_number
    from raw_texts
    where field = 'account'
        and trim(text) <> ''
),

final as (
    select
        -- ids
        text_id as text_id,
        -- dimensions
        case when is_of_salesforce then left(account, 15) else lower(account) end as account,
        is_of_salesforce or is_number as is_id
    from texts
)

select * from final
