-- How we know: size, span and instruments of the study, with the selling share and its interval.
-- Grain: one row.
-- Expect: check(reps >= 0)
-- Column: title = Title of the study.
-- Column: instruments = How the time was taken, or several instruments.
-- Column: first_date = First day with counted time.
-- Column: last_date = Last day with counted time.
-- Column: roster = Everybody who takes part, with or without logged time.
-- Column: weeks = Calendar weeks with counted time.
-- Column: logged_days = Logged days of all reps together.
-- Column: entries = Entries that count, of all logs.
-- Column: records = Rows of all logs; those of a CRM that tell of opportunities or people are none.
-- Column: sources = Files and sheets with entries that were read.
-- Column: week_hours = Worked time for each rep and logged week.

with

roster as (
    select count(*) as roster
    from reps
),

span as (
    select
        min(local_date) as first_date,
        max(local_date) as last_date,
        count(distinct week_start_date) as weeks
    from rep_days
),

-- Rows of logs alone: deals and people of a CRM export are no entries.
rows_read as (
    select
        cast(sum(records) as bigint) as records,
        cast(sum(entries) as bigint) as entries,
        cast(sum(duplicates) as bigint) as duplicates,
        cast(sum(set_aside) as bigint) as set_aside,
        count(*) as sources
    from source_accounts
    where target = 'entries'
),

instruments as (
    select
        min(instrument) as first_instrument,
        count(distinct instrument) as instruments
    from stg_sources
    where target = 'entries'
),

selling as (
    select
        max(share) as share,
        max(share_low) as share_low,
        max(share_high) as share_high
    from estimates
    where scope = 'all'
        and kind = 'measure'
        and name = 'selling_standard'
),

final as (
    select
        -- dimensions
        cfg_study.title as title,
        cfg_study.currency as currency,
        cfg_fingerprint.data_hash as data_hash,
        cfg_study.min_group as min_group,
        case when instruments.instruments > 1 then 'several instruments' else instruments.first_instrument end as instruments,
        -- times
        span.first_date as first_date,
        span.last_date as last_date,
        -- measures
        study_effort.reps as reps,
        roster.roster as roster,
        study_effort.teams as teams,
        span.weeks as weeks,
        study_effort.logged_days as logged_days,
        coalesce(rows_read.entries, 0) as entries,
        coalesce(rows_read.records, 0) as records,
        coalesce(rows_read.duplicates, 0) as duplicates,
        coalesce(rows_read.set_aside, 0) as set_aside,
        rows_read.sources as sources,
        cast(study_effort.base_seconds as double) / nullif(study_effort.rep_weeks, 0) / 3600 as week_hours,
        study_effort.rep_weeks as rep_weeks,
        selling.share as selling_share,
        selling.share_low as selling_share_low,
        selling.share_high as selling_share_high
    from cfg_study
    cross join cfg_fingerprint
    cross join study_effort
    cross join roster
    cross join span
    cross join rows_read
    cross join instruments
    cross join selling
)

select * from final
