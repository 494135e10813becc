-- What each rep was expected to log on each working day of the study, and what was logged. Expected is the working day
-- times fte, less leave and holidays. Who works part of the week is expected to fill their part of it: once enough days
-- of a week are logged, the others are days off. coverage_share is counted over expected time.
-- status: full, thin (few or very long entries), part (less than half), missing, holiday, leave, day_off, weekend_work,
-- outside (a day before, between or after the waves of the study).
-- Grain: one row per rep and working day of a wave, and per other day with logged time.
-- Expect: unique(rep_id, local_date), not_null(rep_id, local_date, status), check(expected_seconds >= 0)
-- Column: status = What the day is: full, thin, part, missing, holiday, leave, day_off, weekend_work or outside.
-- Column: holiday = Name of the public holiday; null on other days.
-- Column: leave_kind = Kind of leave, as in leave.csv; null without leave.
-- Column: coverage_share = Counted over expected time; over 1 where more was logged, null where nothing was expected.

with

limits as (
    select
        max(case when name = 'min_coverage' then value end) as min_coverage,
        max(case when name = 'thin_day_entries' then value end) as thin_day_entries,
        max(case when name = 'thin_entry_share' then value end) as thin_entry_share
    from cfg_quality_limits
),

study_days as (
    select
        calendar.local_date as local_date,
        calendar.week_start_date as week_start_date,
        calendar.is_workday as is_workday,
        study_waves.wave_number as wave_number
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
    left join study_waves
        on calendar.local_date >= study_waves.first_date
        and calendar.local_date <= study_waves.last_date
),

-- A weekend beside the first or last day of a wave belongs to it.
wave_weeks as (
    select distinct week_start_date as week_start_date
    from study_days
    where wave_number is not null
),

people as (
    select
        reps.rep_id as rep_id,
        reps.fte as fte,
        reps.hired_date as hired_date,
        coalesce(stg_reps.holiday_region, '') as holiday_region
    from reps
    left join stg_reps
        on reps.rep_id = stg_reps.rep_id
),

counted as (
    select
        int_rep_numbers.rep_id as rep_id,
        int_quality_days.local_date as local_date,
        cast(sum(int_quality_days.entries) as bigint) as entries,
        cast(sum(int_quality_days.counted_seconds) as bigint) as counted_seconds,
        cast(sum(int_quality_days.worked_seconds) as bigint) as worked_seconds,
        cast(sum(int_quality_days.selling_seconds) as bigint) as selling_seconds,
        cast(sum(int_quality_days.own_leave_seconds) as bigint) as own_leave_seconds,
        max(int_quality_days.longest_seconds) as longest_seconds
    from int_quality_days
    inner join int_rep_numbers
        on int_quality_days.rep_number = int_rep_numbers.text_id
    group by
        int_rep_numbers.rep_id,
        int_quality_days.local_date
),

leave as (
    select
        stg_leave.rep_id as rep_id,
        study_days.local_date as local_date,
        least(cast(sum(cast(floor(stg_leave.share * 1000 + 0.5) as bigint)) as bigint), 1000) as leave_weight,
        min(stg_leave.kind) as leave_kind
    from stg_leave
    inner join study_days
        on study_days.local_date >= stg_leave.first_date
        and study_days.local_date <= stg_leave.last_date
    where study_days.wave_number is not null
    group by
        stg_leave.rep_id,
        study_days.local_date
),

wanted as (
    select
        people.rep_id as rep_id,
        study_days.local_date as local_date
    from people
    cross join study_days
    where study_days.wave_number is not null
        and study_days.is_workday
        and (people.hired_date is null or study_days.local_date >= people.hired_date)
    union
    select
        counted.rep_id as rep_id,
        counted.local_date as local_date
    from counted
),

-- weight is the part of a full-time day that is to be worked, in thousandths: whole numbers add up the same in every
-- order.
weighed as (
    select
        wanted.rep_id as rep_id,
        wanted.local_date as local_date,
        study_days.week_start_date as week_start_date,
        study_days.is_workday as is_workday,
        study_days.wave_number as wave_number,
        study_days.wave_number is null
        and (study_days.is_workday or wave_weeks.week_start_date is null) as is_outside,
        people.fte as fte,
        holidays.name as holiday,
        leave.leave_kind as leave_kind,
        coalesce(day_accounts.logged_seconds, 0) as logged_seconds,
        coalesce(counted.counted_seconds, 0) as counted_seconds,
        coalesce(counted.worked_seconds, 0) as worked_seconds,
        coalesce(counted.selling_seconds, 0) as selling_seconds,
        coalesce(counted.entries, 0) as entries,
        coalesce(counted.longest_seconds, 0) as longest_seconds,
        cfg_settings.workday_seconds as workday_seconds,
        case
            when study_days.wave_number is null or not study_days.is_workday then cast(0 as bigint)
            when holidays.name is not null then cast(0 as bigint)
            when counted.own_leave_seconds >= cast(cfg_settings.workday_seconds as double) * people.fte / 2
                then cast(0 as bigint)
            else 1000 - coalesce(leave.leave_weight, 0)
        end as weight
    from wanted
    inner join people
        on wanted.rep_id = people.rep_id
    inner join study_days
        on wanted.local_date = study_days.local_date
    left join wave_weeks
        on study_days.week_start_date = wave_weeks.week_start_date
    left join counted
        on wanted.rep_id = counted.rep_id
        and wanted.local_date = counted.local_date
    left join day_accounts
        on wanted.rep_id = day_accounts.rep_id
        and wanted.local_date = day_accounts.local_date
    left join leave
        on wanted.rep_id = leave.rep_id
        and wanted.local_date = leave.local_date
    left join holidays
        on wanted.local_date = holidays.local_date
        and people.holiday_region = holidays.region
    cross join cfg_settings
),

weeks as (
    select
        weighed.*,
        cast(sum(weight) over (partition by rep_id, week_start_date) as double) as week_weight,
        cast(sum(case when counted_seconds > 0 then weight else 0 end) over (
            partition by rep_id, week_start_date
        ) as double) as logged_weight
    from weighed
),

expected as (
    select
        weeks.*,
        case
            when weight <= 0 then cast(0 as bigint)
            when fte < 1 and logged_weight + 0.001 >= fte * week_weight
                then cast(floor(
                    case when counted_seconds > 0 then weight * fte * week_weight / logged_weight else cast(0 as double) end
                    * workday_seconds / 1000 + 0.5
                ) as bigint)
            else cast(floor(cast(weight as double) * fte * workday_seconds / 1000 + 0.5) as bigint)
        end as expected_seconds
    from weeks
),

final as (
    select
        -- ids
        expected.rep_id as rep_id,
        -- dimensions
        case
            when expected.is_outside then 'outside'
            when not expected.is_workday then 'weekend_work'
            when expected.holiday is not null then 'holiday'
            when expected.weight <= 0 then 'leave'
            when expected.expected_seconds = 0 then 'day_off'
            when expected.logged_seconds = 0 then 'missing'
            when expected.counted_seconds < limits.min_coverage * expected.expected_seconds then 'part'
            when expected.entries < limits.thin_day_entries then 'thin'
            when expected.longest_seconds > limits.thin_entry_share * expected.counted_seconds then 'thin'
            else 'full'
        end as status,
        expected.holiday as holiday,
        expected.leave_kind as leave_kind,
        expected.wave_number as wave_number,
        -- times
        expected.local_date as local_date,
        expected.week_start_date as week_start_date,
        -- measures
        expected.expected_seconds as expected_seconds,
        expected.logged_seconds as logged_seconds,
        expected.counted_seconds as counted_seconds,
        expected.worked_seconds as worked_seconds,
        expected.selling_seconds as selling_seconds,
        expected.entries as entries,
        expected.longest_seconds as longest_seconds,
        cast(expected.counted_seconds as double) / nullif(expected.expected_seconds, 0) as coverage_share
    from expected
    cross join limits
)

select * from final
