-- What the grades of a source are taken from; coverage is that of the reps it tells of, from its first to its last day.
-- Grain: one row per source with readable entries.
-- Expect: unique(source_id)

with

of_days as (
    select
        int_quality_days.source_id as source_id,
        min(int_quality_days.local_date) as first_date,
        max(int_quality_days.local_date) as last_date,
        cast(sum(int_quality_days.worked_seconds) as bigint) as worked_seconds,
        cast(sum(int_quality_days.counted_seconds) as bigint) as counted_seconds,
        cast(sum(int_quality_days.unclassified_seconds) as bigint) as vague_seconds
    from int_quality_days
    group by int_quality_days.source_id
),

people as (
    select distinct
        int_quality_days.source_id as source_id,
        int_rep_numbers.rep_id as rep_id
    from int_quality_days
    inner join int_rep_numbers
        on int_quality_days.rep_number = int_rep_numbers.text_id
),

covered as (
    select
        people.source_id as source_id,
        cast(sum(coverage_days.expected_seconds) as bigint) as expected_seconds,
        cast(sum(least(coverage_days.counted_seconds, coverage_days.expected_seconds)) as bigint) as covered_seconds
    from people
    inner join of_days
        on people.source_id = of_days.source_id
    inner join coverage_days
        on people.rep_id = coverage_days.rep_id
        and coverage_days.local_date >= of_days.first_date
        and coverage_days.local_date <= of_days.last_date
    group by people.source_id
),

lengths as (
    select
        source_id,
        cast(sum(entries) as bigint) as lengths,
        cast(sum(written_entries) as bigint) as written_entries,
        cast(sum(on_15) as bigint) as on_15,
        cast(sum(on_30) as bigint) as on_30,
        count(*) as reps
    from int_quality_sources
    group by source_id
),

later as (
    select
        source_id,
        cast(sum(counted_seconds) as bigint) as later_seconds
    from int_quality_entries
    where detector = 4
    group by source_id
),

final as (
    select
        -- ids
        source_accounts.source_id as source_id,
        -- dimensions
        source_accounts.file as file,
        source_accounts.sheet as sheet,
        -- times
        of_days.first_date as first_date,
        of_days.last_date as last_date,
        -- measures
        coalesce(lengths.reps, 0) as reps,
        source_accounts.entries + source_accounts.duplicates + source_accounts.set_aside as data_rows,
        source_accounts.set_aside as set_aside,
        coalesce(of_days.counted_seconds, 0) as counted_seconds,
        coalesce(of_days.worked_seconds, 0) as worked_seconds,
        coalesce(of_days.vague_seconds, 0) as vague_seconds,
        coalesce(covered.expected_seconds, 0) as expected_seconds,
        coalesce(covered.covered_seconds, 0) as covered_seconds,
        coalesce(lengths.lengths, 0) as lengths,
        coalesce(lengths.on_15, 0) as on_15,
        coalesce(lengths.on_30, 0) as on_30,
        coalesce(lengths.written_entries, 0) as written_entries,
        coalesce(later.later_seconds, 0) as later_seconds
    from source_accounts
    left join of_days
        on source_accounts.source_id = of_days.source_id
    left join covered
        on source_accounts.source_id = covered.source_id
    left join lengths
        on source_accounts.source_id = lengths.source_id
    left join later
        on source_accounts.source_id = later.source_id
    where source_accounts.entries + source_accounts.duplicates + source_accounts.set_aside > 0
)

select * from final
