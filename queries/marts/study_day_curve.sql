-- How logging wears off: entries, worked time and the share that nobody could sort, by how many days a rep has logged.
-- Only working days of the study count, and only those of which enough is logged to be told (not missing or part).
-- Grain: one row per logged day of a rep, from 1.
-- Expect: unique(study_day), check(reps > 0)
-- Column: study_day = Which logged day of the rep, from 1.
-- Column: reps = Reps who logged so many days.
-- Column: entries_per_rep = Entries of such a day, on average.
-- Column: worked_seconds_per_rep = Worked time of such a day, on average.

with

vague as (
    select
        int_rep_numbers.rep_id as rep_id,
        int_quality_days.local_date as local_date,
        cast(sum(int_quality_days.unclassified_seconds) as bigint) as vague_seconds
    from int_quality_days
    inner join int_rep_numbers
        on int_quality_days.rep_number = int_rep_numbers.text_id
    group by
        int_rep_numbers.rep_id,
        int_quality_days.local_date
),

numbered as (
    select
        rep_id,
        local_date,
        entries,
        worked_seconds,
        row_number() over (partition by rep_id order by local_date) as study_day
    from coverage_days
    where status in ('full', 'thin')
),

final as (
    select
        -- dimensions
        numbered.study_day as study_day,
        -- measures
        count(*) as reps,
        cast(cast(sum(numbered.entries) as bigint) as double) / count(*) as entries_per_rep,
        cast(cast(sum(numbered.worked_seconds) as bigint) as double) / count(*) as worked_seconds_per_rep,
        cast(cast(sum(vague.vague_seconds) as bigint) as double) / nullif(cast(sum(numbered.worked_seconds) as bigint), 0)
            as vague_share
    from numbered
    inner join vague
        on numbered.rep_id = vague.rep_id
        and numbered.local_date = vague.local_date
    group by numbered.study_day
)

select * from final
