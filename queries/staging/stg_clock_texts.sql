-- Distinct clock texts of all logs.
-- Grain: one row per text.
-- Expect: unique(clock_text), not_null(clock_text)
-- Kept: as a table

with

texts as (
    select start_text as clock_text from stg_records
    union
    select end_text as clock_text from stg_records
    union
    select logged_clock_text as clock_text from stg_records
),

final as (
    select clock_text as clock_text
    from texts
    where clock_text is not null
)

select * from final
order by clock_text
