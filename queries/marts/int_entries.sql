-- Records of the logs as typed pieces of time: who, when, how long, or the problem that keeps one from counting.
-- Seconds are whole; start_second counts from 1970-01-01 UTC, so that summer time is right. An entry ends seconds
-- after its start; written_after_seconds is how long after its start, by the clock on the wall, it was written down.
-- A point in time has no length of its own: where the settings give its channel one, is_imputed says so.
-- Grain: one row per record of a log file.
-- Expect: not_null(entry_id, source_id, line), check(problem is not null or (rep_number is not null and local_date is
-- not null and seconds > 0))
-- Kept: as a table, by source

with

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

any_point as (
    select max(seconds) as seconds
    from cfg_point_lengths
    where channel = '*'
),

-- Every distinct text was read once; here the meanings are joined to the records. A date may stand in the cell of
-- the start, a start in that of the date.
read_texts as (
    select
        stg_entries.entry_id as entry_id,
        stg_entries.source_id as source_id,
        stg_entries.line as line,
        int_rep_numbers.rep_number as rep_number,
        stg_entries.wording_id as wording_id,
        stg_entries.opportunity_text_id as opportunity_text_id,
        stg_entries.account_text_id as account_text_id,
        stg_entries.stage_text_id as stage_text_id,
        stg_entries.channel_text_id as channel_text_id,
        stg_entries.rework_text_id as rework_text_id,
        stg_entries.could_do_text_id as could_do_text_id,
        stg_entries.waiting_on_text_id as waiting_on_text_id,
        case
            when stg_entries.has_own_zone then stg_entries.time_zone
            else coalesce(int_rep_numbers.time_zone, stg_entries.time_zone)
        end as time_zone,
        coalesce(ends.has_clock, false) as has_end,
        case when dates.has_date then dates.day_number else starts.day_number end as start_day_number,
        case when starts.has_clock then starts.second_of_day else dates.second_of_day end as start_clock,
        case when starts.has_clock then starts.utc_offset_seconds else dates.utc_offset_seconds end as start_offset,
        case when end_dates.has_date then end_dates.day_number else ends.day_number end as end_day_typed,
        ends.second_of_day as end_clock,
        ends.utc_offset_seconds as end_offset,
        durations.seconds as duration_seconds,
        case
            when ends.has_clock is not true and durations.text_id is null
                then coalesce(int_point_lengths.seconds, any_point.seconds)
        end as imputed_seconds,
        logged.day_number * 86400 + logged.second_of_day as logged_wall_second,
        case
            when reader_problems.rule is not null then reader_problems.rule
            when int_rep_numbers.rep_number is null then 'entry/no_rep'
            when dates.has_date is not true and starts.has_date is not true then 'entry/no_date'
            when dates.has_date and dates.date_problem is not null then dates.date_problem
            when dates.has_date is not true and starts.date_problem is not null then starts.date_problem
            when starts.has_clock and starts.clock_problem is not null then starts.clock_problem
            when starts.has_clock is not true and dates.clock_problem is not null then dates.clock_problem
            when end_dates.has_date and end_dates.date_problem is not null then end_dates.date_problem
            when end_dates.has_date is not true and ends.date_problem is not null then ends.date_problem
            when ends.clock_problem is not null then ends.clock_problem
            when durations.problem is not null and ends.has_clock is not true then durations.problem
            when ends.has_clock is not true and durations.text_id is null
                and coalesce(int_point_lengths.seconds, any_point.seconds) is null
                then 'entry/no_time'
            when ends.has_clock and starts.has_clock is not true and dates.has_clock is not true
                and durations.text_id is null
                then 'entry/no_time'
        end as text_problem
    from stg_entries
    left join int_rep_numbers
        on stg_entries.rep_text_id = int_rep_numbers.text_id
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
    left join int_moments as logged
        on stg_entries.source_id = logged.source_id
        and stg_entries.logged_text_id = logged.text_id
    left join int_durations as durations
        on stg_entries.source_id = durations.source_id
        and stg_entries.duration_text_id = durations.text_id
    left join int_point_lengths
        on stg_entries.channel_text_id = int_point_lengths.text_id
    cross join any_point
    left join reader_problems
        on stg_entries.source_id = reader_problems.source_id
        and stg_entries.line = reader_problems.line
),

-- An end without a date that lies before the start is on the next day, as long as that makes a plausible length.
dated as (
    select
        read_texts.*,
        case
            when end_day_typed is not null then end_day_typed
            when end_clock < start_clock and end_clock + 86400 - start_clock <= 50400 then start_day_number + 1
            else start_day_number
        end as end_day_number
    from read_texts
),

-- Wall clock to instants. A written UTC offset decides; else the calendar of the source's zone, or of the rep's where
-- the source names none.
instants as (
    select
        dated.*,
        start_calendar.local_date as typed_date,
        start_calendar.day_start_second as typed_day_start,
        start_calendar.day_start_second + start_calendar.day_seconds as typed_day_end,
        case
            when dated.text_problem is not null or dated.start_clock is null then null
            when dated.start_offset is not null
                then dated.start_day_number * 86400 + dated.start_clock - dated.start_offset
            when dated.start_clock >= start_calendar.shift_at_second
                then start_calendar.day_start_second + dated.start_clock - start_calendar.shift_seconds
            else start_calendar.day_start_second + dated.start_clock
        end as start_second,
        case
            when dated.text_problem is not null or dated.end_clock is null then null
            when dated.end_offset is not null
                then dated.end_day_number * 86400 + dated.end_clock - dated.end_offset
            when dated.end_clock >= end_calendar.shift_at_second
                then end_calendar.day_start_second + dated.end_clock - end_calendar.shift_seconds
            else end_calendar.day_start_second + dated.end_clock
        end as end_clock_second,
        coalesce(
            dated.start_offset is null
            and dated.start_clock >= start_calendar.gap_from_second
            and dated.start_clock < start_calendar.shift_at_second, false
        )
        or coalesce(
            dated.end_offset is null
            and dated.end_clock > end_calendar.gap_from_second
            and dated.end_clock < end_calendar.shift_at_second, false
        ) as is_in_gap
    from dated
    left join calendar as start_calendar
        on dated.start_day_number = start_calendar.day_number
        and dated.time_zone = start_calendar.time_zone
    left join calendar as end_calendar
        on dated.end_day_number = end_calendar.day_number
        and dated.time_zone = end_calendar.time_zone
),

measured as (
    select
        instants.*,
        case
            -- a row set aside for another reason still tells how long it was, if it does
            when text_problem is not null and end_clock > start_clock then end_clock - start_clock
            when text_problem is not null then duration_seconds
            when start_second is not null and has_end then end_clock_second - start_second
            else coalesce(duration_seconds, imputed_seconds)
        end as measured_seconds
    from instants
),

-- A written offset can move an entry to another local day than the one typed. Such entries are few: they are
-- found again here, because reading all of `measured` twice would keep it whole in memory.
offset_moments as (
    select * from int_moments
    where utc_offset_seconds is not null
),

offset_starts as (
    select
        stg_entries.entry_id as entry_id,
        case
            when stg_entries.has_own_zone then stg_entries.time_zone
            else coalesce(int_rep_numbers.time_zone, stg_entries.time_zone)
        end as time_zone,
        case when dates.has_date then dates.day_number else offset_moments.day_number end * 86400
        + offset_moments.second_of_day - offset_moments.utc_offset_seconds as start_second
    from stg_entries
    inner join offset_moments
        on stg_entries.source_id = offset_moments.source_id
        and stg_entries.start_text_id = offset_moments.text_id
    left join int_moments as dates
        on stg_entries.source_id = dates.source_id
        and stg_entries.date_text_id = dates.text_id
    left join int_rep_numbers
        on stg_entries.rep_text_id = int_rep_numbers.text_id
    union all
    select
        stg_entries.entry_id as entry_id,
        case
            when stg_entries.has_own_zone then stg_entries.time_zone
            else coalesce(int_rep_numbers.time_zone, stg_entries.time_zone)
        end as time_zone,
        offset_moments.day_number * 86400 + offset_moments.second_of_day - offset_moments.utc_offset_seconds
            as start_second
    from stg_entries
    inner join offset_moments
        on stg_entries.source_id = offset_moments.source_id
        and stg_entries.date_text_id = offset_moments.text_id
    left join int_moments as starts
        on stg_entries.source_id = starts.source_id
        and stg_entries.start_text_id = starts.text_id
    left join int_rep_numbers
        on stg_entries.rep_text_id = int_rep_numbers.text_id
    where starts.has_clock is not true
),

moved as (
    select
        offset_starts.entry_id as entry_id,
        min(calendar.local_date) as local_date,
        min(calendar.day_start_second) as day_start_second,
        min(calendar.day_start_second + calendar.day_seconds) as day_end_second
    from offset_starts
    inner join calendar
        on offset_starts.time_zone = calendar.time_zone
        and offset_starts.start_second >= calendar.day_start_second
        and offset_starts.start_second < calendar.day_start_second + calendar.day_seconds
    group by offset_starts.entry_id
),

final as (
    select
        -- ids
        measured.entry_id as entry_id,
        measured.source_id as source_id,
        measured.line as line,
        measured.rep_number as rep_number,
        measured.wording_id as wording_id,
        measured.opportunity_text_id as opportunity_text_id,
        measured.account_text_id as account_text_id,
        measured.stage_text_id as stage_text_id,
        measured.channel_text_id as channel_text_id,
        measured.rework_text_id as rework_text_id,
        measured.could_do_text_id as could_do_text_id,
        measured.waiting_on_text_id as waiting_on_text_id,
        -- dimensions
        case
            when measured.text_problem is not null then measured.text_problem
            when measured.is_in_gap then 'entry/time_gap'
            when measured.measured_seconds < 0 then 'entry/end_before_start'
            when measured.measured_seconds = 0 then 'entry/zero'
            when measured.measured_seconds > 86400 then 'entry/too_long'
            when measured.measured_seconds is null then 'entry/no_time'
        end as problem,
        measured.text_problem is null and measured.imputed_seconds is not null as is_imputed,
        -- times
        case when measured.start_second is null or moved.local_date is null then measured.typed_date else moved.local_date end
            as local_date,
        case
            when measured.start_second is null or moved.local_date is null then measured.typed_day_start
            else moved.day_start_second
        end as day_start_second,
        coalesce(
            measured.start_second + measured.measured_seconds
            > case when moved.local_date is null then measured.typed_day_end else moved.day_end_second end,
            false
        ) as is_over_midnight,
        measured.start_second as start_second,
        -- measures
        case when measured.measured_seconds > 0 then measured.measured_seconds end as seconds,
        case when measured.has_end then measured.duration_seconds end as stated_seconds,
        measured.logged_wall_second - measured.start_day_number * 86400 - measured.start_clock as written_after_seconds
    from measured
    left join moved
        on measured.entry_id = moved.entry_id
)

select * from final
