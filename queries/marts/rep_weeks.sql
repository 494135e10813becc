-- Time by category and activity for each rep and week.
-- Grain: one row per rep, week and activity.
-- Expect: unique(rep_id, week_start_date, activity_code), not_null(seconds)
-- Kept: as a table, by rep

with

study_days as (
    select
        calendar.local_date as local_date,
        calendar.week_start_date as week_start_date
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

weeks as (
    select
        int_work.rep_number as rep_number,
        int_work.activity_code as activity_code,
        int_work.category as category,
        study_days.week_start_date as week_start_date,
        count(*) filter (where int_work.is_first_piece) as entries,
        cast(sum(int_work.seconds) as bigint) as seconds
    from int_work
    left join study_days
        on int_work.local_date = study_days.local_date
    group by
        int_work.rep_number,
        int_work.activity_code,
        int_work.category,
        study_days.week_start_date
),

final as (
    select
        -- ids
        int_rep_numbers.rep_id as rep_id,
        weeks.activity_code as activity_code,
        -- dimensions
        weeks.category as category,
        -- times
        weeks.week_start_date as week_start_date,
        -- measures
        weeks.entries as entries,
        weeks.seconds as seconds
    from weeks
    left join int_rep_numbers
        on weeks.rep_number = int_rep_numbers.text_id
)

select * from final
