-- Distinct clock texts of all logs.
-- Grain: one row per text.
-- Expect: unique(clock_text), not_null(clock_text)

with

final as (
    select distinct clock_text as clock_text
    from stg_moments
    where clock_text is not null
)

select * from final
