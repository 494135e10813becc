-- Counted and worked time of a rep on a day; worked is all but non-work, such as lunch and leave.
-- Grain: one row per rep and local day with counted time.
-- Expect: unique(rep_id, local_date), not_null(rep_id, local_date), check(worked_seconds <= counted_seconds)
-- Kept: as a table, by rep

with

study_days as (
    select
        calendar.local_date as local_date,
        calendar.week_start_date as week_start_date,
        calendar.weekday_number as weekday_number,
        calendar.is_workday as is_workday
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

days as (
    select
        rep_number,
        local_date,
        cast(sum(seconds) as bigint) as counted_seconds,
        cast(sum(case when category <> 'non_work' then seconds else 0 end) as bigint) as worked_seconds,
        count(*) filter (where is_first_piece) as entries
    from int_work
    group by
        rep_number,
        local_date
),

final as (
    select
        -- ids
        int_rep_numbers.rep_id as rep_id,
        -- dimensions
        study_days.weekday_number as weekday_number,
        study_days.is_workday as is_workday,
        -- times
        days.local_date as local_date,
        study_days.week_start_date as week_start_date,
        -- measures
        days.entries as entries,
        days.counted_seconds as counted_seconds,
        days.worked_seconds as worked_seconds
    from days
    left join int_rep_numbers
        on days.rep_number = int_rep_numbers.text_id
    inner join study_days
        on days.local_date = study_days.local_date
)

select * from final
