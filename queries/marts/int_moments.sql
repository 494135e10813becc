-- What the texts of dates and clock times of each source mean; a text may hold both.
-- Grain: one row per source and text.
-- Expect: unique(source_id, text_id), not_null(source_id, text_id)
-- Kept: as a table, by source

with

final as (
    select
        -- ids
        stg_moments.source_id as source_id,
        stg_moments.text_id as text_id,
        -- dimensions
        stg_moments.date_text is not null as has_date,
        stg_moments.clock_text is not null as has_clock,
        int_dates.problem as date_problem,
        int_clock_times.problem as clock_problem,
        -- times
        int_dates.day_number as day_number,
        int_clock_times.second_of_day as second_of_day,
        int_clock_times.utc_offset_seconds as utc_offset_seconds
    from stg_moments
    left join int_dates
        on stg_moments.source_id = int_dates.source_id
        and stg_moments.date_text = int_dates.date_text
    left join int_clock_times
        on stg_moments.clock_text = int_clock_times.clock_text
)

select * from final
