-- Records of the logs as typed pieces of time: who, when, how long, or the problem that keeps one from counting.
-- Seconds are whole; start_second and end_second count from 1970-01-01 UTC, so that summer time is right.
-- Grain: one row per record of a log file.
-- Expect: not_null(entry_id, source_id, line), check(problem is not null or (rep_id is not null and local_date is not
-- null and seconds > 0))

with

records as (
    select * from stg_records
),

reader_problems as (
    select
        source_id as source_id,
        line as line,
        min(rule) as rule
    from stg_issues
    where treatment = 'set_aside'
    group by
        source_id,
        line
),

-- Every distinct text was read once; here the meanings are joined to the records.
read_texts as (
    select
        records.entry_id as entry_id,
        records.source_id as source_id,
        records.line as line,
        int_reps.rep_id as rep_id,
        records.opportunity_id as opportunity_id,
        records.rep_text as rep_text,
        records.time_zone as time_zone,
        records.instrument as instrument,
        records.label as label,
        records.code as code,
        records.account as account,
        records.stage as stage,
        records.channel as channel,
        records.rework as rework,
        records.could_do as could_do,
        records.waiting_on as waiting_on,
        records.date_text as date_text,
        records.start_text as start_text,
        records.end_text as end_text,
        records.duration_text as duration_text,
        start_days.day_number as start_day_number,
        start_clocks.second_of_day as start_clock,
        start_clocks.utc_offset_seconds as start_offset,
        case
            when end_days.day_number is not null then end_days.day_number
            when end_clocks.second_of_day < start_clocks.second_of_day
                and end_clocks.second_of_day + 86400 - start_clocks.second_of_day <= 50400
                then start_days.day_number + 1
            else start_days.day_number
        end as end_day_number,
        end_clocks.second_of_day as end_clock,
        end_clocks.utc_offset_seconds as end_offset,
        durations.seconds as duration_seconds,
        logged_days.day_number * 86400 + coalesce(logged_clocks.second_of_day, 0) as logged_wall_second,
        logged_clocks.second_of_day is not null as has_logged_clock,
        case
            when reader_problems.rule is not null then reader_problems.rule
            when records.rep_text is null then 'entry/no_rep'
            when records.date_text is null then 'entry/no_date'
            when start_days.problem is not null then start_days.problem
            when start_clocks.problem is not null then start_clocks.problem
            when end_days.problem is not null then end_days.problem
            when end_clocks.problem is not null then end_clocks.problem
            when durations.problem is not null and records.end_text is null then durations.problem
            when records.end_text is null and records.duration_text is null then 'entry/no_time'
            when records.start_text is null and records.duration_text is null then 'entry/no_time'
        end as text_problem
    from records
    left join int_reps
        on records.rep_text = int_reps.rep_text
    left join int_dates as start_days
        on records.source_id = start_days.source_id
        and records.date_text = start_days.date_text
    left join int_dates as end_days
        on records.source_id = end_days.source_id
        and records.end_date_text = end_days.date_text
    left join int_dates as logged_days
        on records.source_id = logged_days.source_id
        and records.logged_date_text = logged_days.date_text
    left join int_clock_times as start_clocks
        on records.start_text = start_clocks.clock_text
    left join int_clock_times as end_clocks
        on records.end_text = end_clocks.clock_text
    left join int_clock_times as logged_clocks
        on records.logged_clock_text = logged_clocks.clock_text
    left join int_durations as durations
        on records.source_id = durations.source_id
        and records.duration_text = durations.duration_text
    left join reader_problems
        on records.source_id = reader_problems.source_id
        and records.line = reader_problems.line
),

-- Wall clock to instants. A written UTC offset decides; else the calendar of the source's zone.
instants as (
    select
        read_texts.*,
        start_calendar.local_date as typed_date,
        start_calendar.day_start_second as typed_day_start,
        start_calendar.day_start_second + start_calendar.day_seconds as typed_day_end,
        case
            when read_texts.text_problem is not null or read_texts.start_clock is null then null
            when read_texts.start_offset is not null
                then read_texts.start_day_number * 86400 + read_texts.start_clock - read_texts.start_offset
            when read_texts.start_clock >= start_calendar.shift_at_second
                then start_calendar.day_start_second + read_texts.start_clock - start_calendar.shift_seconds
            else start_calendar.day_start_second + read_texts.start_clock
        end as start_second,
        case
            when read_texts.text_problem is not null or read_texts.end_clock is null then null
            when read_texts.end_offset is not null
                then read_texts.end_day_number * 86400 + read_texts.end_clock - read_texts.end_offset
            when read_texts.end_clock >= end_calendar.shift_at_second
                then end_calendar.day_start_second + read_texts.end_clock - end_calendar.shift_seconds
            else end_calendar.day_start_second + read_texts.end_clock
        end as end_clock_second,
        coalesce(
            read_texts.start_offset is null
            and read_texts.start_clock >= start_calendar.gap_from_second
            and read_texts.start_clock < start_calendar.shift_at_second, false
        )
        or coalesce(
            read_texts.end_offset is null
            and read_texts.end_clock > end_calendar.gap_from_second
            and read_texts.end_clock < end_calendar.shift_at_second, false
        ) as is_in_gap
    from read_texts
    left join calendar as start_calendar
        on read_texts.time_zone = start_calendar.time_zone
        and read_texts.start_day_number = start_calendar.day_number
    left join calendar as end_calendar
        on read_texts.time_zone = end_calendar.time_zone
        and read_texts.end_day_number = end_calendar.day_number
),

measured as (
    select
        instants.*,
        case
            when start_second is null then null
            when end_text is not null then end_clock_second
            else start_second + duration_seconds
        end as end_second,
        case
            -- a row set aside for another reason still tells how long it was, if it does
            when text_problem is not null and end_clock > start_clock then end_clock - start_clock
            when text_problem is not null then duration_seconds
            when start_second is null then duration_seconds
            when end_text is not null then end_clock_second - start_second
            else duration_seconds
        end as measured_seconds
    from instants
),

-- A written offset can move an entry to another local day than the one typed. Such entries are few: they are
-- found again here, because reading all of `measured` twice would keep it whole in memory.
moved as (
    select
        records.entry_id as entry_id,
        min(calendar.local_date) as local_date,
        min(calendar.day_start_second) as day_start_second,
        min(calendar.day_start_second + calendar.day_seconds) as day_end_second
    from stg_records as records
    inner join int_clock_times as clocks
        on records.start_text = clocks.clock_text
        and clocks.utc_offset_seconds is not null
    inner join int_dates as days
        on records.source_id = days.source_id
        and records.date_text = days.date_text
    inner join calendar
        on records.time_zone = calendar.time_zone
        and days.day_number * 86400 + clocks.second_of_day - clocks.utc_offset_seconds >= calendar.day_start_second
        and days.day_number * 86400 + clocks.second_of_day - clocks.utc_offset_seconds
        < calendar.day_start_second + calendar.day_seconds
    group by records.entry_id
),

final as (
    select
        -- ids
        measured.entry_id as entry_id,
        measured.source_id as source_id,
        measured.line as line,
        measured.rep_id as rep_id,
        measured.opportunity_id as opportunity_id,
        -- dimensions
        measured.time_zone as time_zone,
        measured.instrument as instrument,
        measured.label as label,
        measured.code as code,
        measured.account as account,
        measured.stage as stage,
        measured.channel as channel,
        measured.rework as rework,
        measured.could_do as could_do,
        measured.waiting_on as waiting_on,
        case
            when measured.text_problem is not null then measured.text_problem
            when measured.is_in_gap then 'entry/time_gap'
            when measured.measured_seconds < 0 then 'entry/end_before_start'
            when measured.measured_seconds = 0 then 'entry/zero'
            when measured.measured_seconds > 86400 then 'entry/too_long'
            when measured.measured_seconds is null then 'entry/no_time'
        end as problem,
        -- times
        case when measured.start_second is null or moved.local_date is null then measured.typed_date else moved.local_date end
            as local_date,
        case
            when measured.start_second is null or moved.local_date is null then measured.typed_day_start
            else moved.day_start_second
        end as day_start_second,
        case
            when measured.start_second is null or moved.local_date is null then measured.typed_day_end
            else moved.day_end_second
        end as day_end_second,
        measured.start_second as start_second,
        measured.end_second as end_second,
        case when measured.has_logged_clock then measured.logged_wall_second end as logged_wall_second,
        measured.start_day_number * 86400 + measured.start_clock as start_wall_second,
        -- measures
        case when measured.measured_seconds > 0 then measured.measured_seconds end as seconds,
        case when measured.end_text is not null then measured.duration_seconds end as stated_seconds
    from measured
    left join moved
        on measured.entry_id = moved.entry_id
)

select * from final
