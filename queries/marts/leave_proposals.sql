-- Leave that the logs seem to tell and leave.csv does not: whole-day events of calendars, and rows without a length,
-- that are shown as out of office or whose label means leave or illness. To be confirmed, never applied by itself.
-- Grain: one row per rep, first and last day.
-- Expect: unique(rep_id, first_date, last_date), not_null(rep_id, first_date, last_date), check(last_date >= first_date)
-- Column: first_date = First day away.
-- Column: last_date = Last day away.

with

all_days as (
    select distinct
        day_number as day_number,
        local_date as local_date
    from calendar
),

-- An end at midnight is the beginning of the day after, and so is every end in iCalendar.
whole_days as (
    select
        int_rep_numbers.rep_id as rep_id,
        stg_sources.file as file,
        int_row_issues.source_id as source_id,
        int_row_issues.line as line,
        case when dates.has_date then dates.day_number else starts.day_number end as first_day_number,
        case when end_dates.has_date then end_dates.day_number else ends.day_number end
        - case when stg_sources.file_format = 'ics' or ends.second_of_day = 0 then 1 else 0 end as last_day_number
    from int_row_issues
    inner join stg_entries
        on int_row_issues.source_id = stg_entries.source_id
        and int_row_issues.line = stg_entries.line
    inner join stg_sources
        on int_row_issues.source_id = stg_sources.source_id
    inner join int_rep_numbers
        on int_row_issues.rep_number = int_rep_numbers.text_id
    left join int_wordings
        on int_row_issues.wording_id = int_wordings.wording_id
        and int_wordings.part_number = 1
    left join int_moments as dates
        on stg_entries.source_id = dates.source_id
        and stg_entries.date_text_id = dates.text_id
    left join int_moments as starts
        on stg_entries.source_id = starts.source_id
        and stg_entries.start_text_id = starts.text_id
    left join int_moments as end_dates
        on stg_entries.source_id = end_dates.source_id
        and stg_entries.end_date_text_id = end_dates.text_id
    left join int_moments as ends
        on stg_entries.source_id = ends.source_id
        and stg_entries.end_text_id = ends.text_id
    where int_row_issues.treatment = 'set_aside'
        and int_row_issues.rule in ('calendar/all_day', 'entry/no_time')
        and (
            int_wordings.activity_code = 'N3'
            or lower(int_row_issues.value) like '%out of office%'
            or lower(int_wordings.label) like '%out of office%'
            or lower(int_wordings.label) like '%abwesen%'
        )
),

spans as (
    select
        rep_id as rep_id,
        first_day_number as first_day_number,
        greatest(coalesce(last_day_number, first_day_number), first_day_number) as last_day_number,
        min(file) as file
    from whole_days
    where first_day_number is not null
    group by
        rep_id,
        first_day_number,
        greatest(coalesce(last_day_number, first_day_number), first_day_number)
),

final as (
    select
        -- ids
        spans.rep_id as rep_id,
        -- dimensions
        spans.file as file,
        -- times
        first_days.local_date as first_date,
        last_days.local_date as last_date
    from spans
    inner join all_days as first_days
        on spans.first_day_number = first_days.day_number
    inner join all_days as last_days
        on spans.last_day_number = last_days.day_number
    where not exists (
        select 1
        from stg_leave
        where stg_leave.rep_id = spans.rep_id
            and stg_leave.first_date <= first_days.local_date
            and stg_leave.last_date >= last_days.local_date
    )
)

select * from final
