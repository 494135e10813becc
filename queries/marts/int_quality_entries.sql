-- Entries that count and that a detector doubts, with their counted time by category. Where several rules of one
-- detector fit, the graver one stands: written a day late before written in a burst. entries is 1 on the first day of
-- an entry, so that one cut at midnight is one.
-- Grain: one row per detector, entry and local day.
-- Expect: unique(detector, entry_id, local_date), not_null(rule, rep_number), check(counted_seconds > 0)
-- Kept: as a table, by rep

with

limits as (
    select
        max(case when name = 'late_seconds' then value end) as late_seconds,
        max(case when name = 'burst_seconds' then value end) as burst_seconds,
        max(case when name = 'repeated_days' then value end) as repeated_days
    from cfg_quality_limits
),

study_days as (
    select
        calendar.local_date as local_date,
        calendar.day_number as day_number
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
),

-- When rows were written, by the clock on the wall. One that tells only the day was written at its beginning.
written as (
    select
        int_entries.entry_id as entry_id,
        int_entries.rep_number as rep_number,
        int_moments.second_of_day is not null as has_clock,
        int_moments.day_number * 86400 + coalesce(int_moments.second_of_day, 0) as written_second,
        case
            when int_entries.written_after_seconds is not null then int_entries.written_after_seconds - int_entries.seconds
            else (int_moments.day_number - study_days.day_number - 1) * 86400 + coalesce(int_moments.second_of_day, 0)
        end as lag_seconds
    from int_entries
    inner join stg_entries
        on int_entries.entry_id = stg_entries.entry_id
    inner join int_moments
        on stg_entries.source_id = int_moments.source_id
        and stg_entries.logged_text_id = int_moments.text_id
    left join study_days
        on int_entries.local_date = study_days.local_date
    where int_entries.problem is null
        and int_moments.date_problem is null
        and int_moments.day_number is not null
),

-- A burst ends at a row if the ninth before it was written within the time of a burst.
paced as (
    select
        written.entry_id as entry_id,
        written.rep_number as rep_number,
        written.written_second as written_second,
        written.written_second - lag(written.written_second, 9) over (
            partition by written.rep_number
            order by written.written_second, written.entry_id
        ) as ten_rows_took
    from written
    where written.has_clock
),

reps_with_bursts as (
    select distinct paced.rep_number as rep_number
    from paced
    cross join limits
    where paced.ten_rows_took <= limits.burst_seconds
),

-- A row is of a burst if one ends at it or at one of the nine after it.
reached as (
    select
        paced.entry_id as entry_id,
        min(paced.ten_rows_took) over (
            partition by paced.rep_number
            order by paced.written_second, paced.entry_id
            rows between current row and 9 following
        ) as least_taken
    from paced
    inner join reps_with_bursts
        on paced.rep_number = reps_with_bursts.rep_number
),

in_burst as (
    select reached.entry_id as entry_id
    from reached
    cross join limits
    where reached.least_taken <= limits.burst_seconds
),

written_later as (
    select
        written.entry_id as entry_id,
        written.lag_seconds > limits.late_seconds as is_late
    from written
    cross join limits
    left join in_burst
        on written.entry_id = in_burst.entry_id
    where written.lag_seconds > limits.late_seconds
        or in_burst.entry_id is not null
),

-- One number for labels that differ in case and blanks only. Breaks at the same time every day are no copies.
wordings as (
    select
        wording_id,
        min(wording_id) over (partition by lower(trim(label)), code) as same_wording_id
    from stg_labels
    where label is not null
        and wording_id in (select wording_id from int_wordings where category <> 'non_work')
),

routines as (
    select
        int_entries.entry_id as entry_id,
        int_entries.rep_number as rep_number,
        int_entries.local_date as local_date,
        wordings.same_wording_id as wording_id,
        int_entries.seconds as seconds,
        int_entries.start_second - int_entries.day_start_second as local_start_second
    from int_entries
    inner join wordings
        on int_entries.wording_id = wordings.wording_id
    where int_entries.problem is null
        and int_entries.start_second is not null
),

candidates as (
    select
        rep_number,
        wording_id,
        seconds,
        local_start_second
    from routines
    cross join limits
    group by
        rep_number,
        wording_id,
        seconds,
        local_start_second,
        limits.repeated_days
    having count(*) >= limits.repeated_days
),

repeated as (
    select
        routines.entry_id as entry_id,
        routines.local_date as local_date,
        -- days counted so that two equal rows of one day are one day
        dense_rank() over (
            partition by routines.rep_number, routines.wording_id, routines.seconds, routines.local_start_second
            order by routines.local_date
        ) + dense_rank() over (
            partition by routines.rep_number, routines.wording_id, routines.seconds, routines.local_start_second
            order by routines.local_date desc
        ) - 1 as days
    from routines
    inner join candidates
        on routines.rep_number = candidates.rep_number
        and routines.wording_id = candidates.wording_id
        and routines.seconds = candidates.seconds
        and routines.local_start_second = candidates.local_start_second
),

imputed as (
    select source_id * 4294967296 + line as entry_id
    from int_row_issues
    where rule = 'entry/imputed'
    union
    select source_id * 4294967296 + line as entry_id
    from stg_issues
    where rule = 'entry/imputed'
),

flagged as (
    select
        4 as detector,
        case when is_late then 'entry/late' else 'entry/burst' end as rule,
        entry_id as entry_id
    from written_later
    union all
    select
        13 as detector,
        'entry/repeated' as rule,
        repeated.entry_id as entry_id
    from repeated
    cross join limits
    where repeated.days >= limits.repeated_days
    union all
    select distinct
        8 as detector,
        'source/shifted' as rule,
        int_entries.entry_id as entry_id
    from int_entries
    inner join int_quality_shifts
        on int_entries.rep_number = int_quality_shifts.rep_number
        and int_entries.source_id = int_quality_shifts.source_id
    where int_entries.problem is null
        and int_entries.start_second is not null
    union all
    -- lengths that the config gave to rows that had none
    select
        12 as detector,
        'entry/imputed' as rule,
        entry_id as entry_id
    from imputed
),

doubted as (
    select distinct entry_id as entry_id
    from flagged
),

counted as (
    select
        int_work.entry_id as entry_id,
        int_work.source_id as source_id,
        int_work.rep_number as rep_number,
        int_work.local_date as local_date,
        cast(sum(int_work.seconds) as bigint) as counted_seconds,
        cast(sum(case when int_work.category <> 'non_work' then int_work.seconds else 0 end) as bigint) as worked_seconds,
        cast(sum(case when int_work.category = 'selling' then int_work.seconds else 0 end) as bigint) as selling_seconds,
        cast(sum(case when int_work.category = 'preparation' then int_work.seconds else 0 end) as bigint)
            as preparation_seconds,
        cast(sum(case when int_work.category = 'functional' then int_work.seconds else 0 end) as bigint)
            as functional_seconds,
        cast(sum(case when int_work.category = 'administrative' then int_work.seconds else 0 end) as bigint)
            as administrative_seconds,
        cast(sum(case when int_work.category = 'development' then int_work.seconds else 0 end) as bigint)
            as development_seconds,
        cast(sum(case when int_work.category = 'travel' then int_work.seconds else 0 end) as bigint) as travel_seconds,
        cast(sum(case when int_work.category = 'non_work' then int_work.seconds else 0 end) as bigint)
            as non_work_seconds,
        cast(sum(case when int_work.category = 'unclassified' then int_work.seconds else 0 end) as bigint)
            as unclassified_seconds
    from int_work
    inner join doubted
        on int_work.entry_id = doubted.entry_id
    group by
        int_work.entry_id,
        int_work.source_id,
        int_work.rep_number,
        int_work.local_date
),

final as (
    select
        -- ids
        flagged.detector as detector,
        flagged.rule as rule,
        counted.entry_id as entry_id,
        counted.source_id as source_id,
        counted.rep_number as rep_number,
        -- times
        counted.local_date as local_date,
        -- measures
        case
            when row_number() over (partition by flagged.detector, flagged.entry_id order by counted.local_date) = 1 then 1
            else 0
        end as entries,
        counted.counted_seconds as counted_seconds,
        counted.worked_seconds as worked_seconds,
        counted.selling_seconds as selling_seconds,
        counted.preparation_seconds as preparation_seconds,
        counted.functional_seconds as functional_seconds,
        counted.administrative_seconds as administrative_seconds,
        counted.development_seconds as development_seconds,
        counted.travel_seconds as travel_seconds,
        counted.non_work_seconds as non_work_seconds,
        counted.unclassified_seconds as unclassified_seconds
    from flagged
    inner join counted
        on flagged.entry_id = counted.entry_id
)

select * from final
