-- How each rep logs, in shares: what the signals worth a conversation are made of. Null where it cannot be told, as for
-- logs that do not say when they were written.
-- Grain: one row per rep with counted time.
-- Expect: unique(rep_id), not_null(rep_id, role, worked_seconds)

with

lengths as (
    select
        int_rep_numbers.rep_id as rep_id,
        sum(int_quality_sources.entries) as entries,
        sum(int_quality_sources.written_entries) as written_entries,
        sum(int_quality_sources.placed_entries) as placed_entries,
        sum(int_quality_sources.on_30) as on_30
    from int_quality_sources
    inner join int_rep_numbers
        on int_quality_sources.rep_number = int_rep_numbers.text_id
    group by int_rep_numbers.rep_id
),

flags as (
    select
        rep_id,
        sum(case when rule = 'entry/late' then entries else 0 end) as late_entries,
        sum(case when rule = 'entry/burst' then entries else 0 end) as burst_entries,
        sum(case when rule = 'entry/repeated' then entries else 0 end) as repeated_entries,
        sum(case when rule = 'day/copied' then 1 else 0 end) as copied_days
    from quality_flags
    where rule in ('entry/late', 'entry/burst', 'entry/repeated', 'day/copied')
    group by rep_id
),

days as (
    select
        rep_id,
        cast(sum(worked_seconds) as bigint) as worked_seconds,
        cast(sum(selling_seconds) as bigint) as selling_seconds,
        cast(sum(counted_seconds) as bigint) as counted_seconds,
        cast(sum(case when status in ('holiday', 'leave', 'weekend_work') then worked_seconds else 0 end) as bigint)
            as off_day_seconds,
        count(*) filter (where status in ('full', 'thin')) as full_days,
        cast(sum(case when status in ('full', 'thin') then counted_seconds else 0 end) as bigint) as full_seconds,
        cast(sum(case when status in ('full', 'thin') then counted_seconds * counted_seconds else 0 end) as bigint)
            as squared_seconds
    from coverage_days
    where counted_seconds > 0
    group by rep_id
),

final as (
    select
        -- ids
        days.rep_id as rep_id,
        -- dimensions
        reps.role as role,
        -- measures
        days.worked_seconds as worked_seconds,
        days.selling_seconds as selling_seconds,
        cast(coalesce(lengths.entries, 0) as bigint) as entries,
        cast(lengths.on_30 as double) / nullif(lengths.entries, 0) as half_hour_share,
        cast(case when lengths.written_entries > 0 then coalesce(flags.late_entries, 0) end as double)
            / nullif(lengths.written_entries, 0) as late_share,
        cast(case when lengths.written_entries > 0 then coalesce(flags.burst_entries, 0) end as double)
            / nullif(lengths.written_entries, 0) as burst_share,
        cast(coalesce(flags.repeated_entries, 0) as double) / nullif(lengths.placed_entries, 0) as repeated_share,
        cast(coalesce(flags.copied_days, 0) as double) / nullif(days.full_days, 0) as copied_share,
        cast(days.off_day_seconds as double) / nullif(days.worked_seconds, 0) as off_day_share,
        -- the less the length of the days varies, the higher: 1 where all days are of one length. Of whole numbers, so
        -- that their order does not matter: deviation over mean = sqrt(n (n Σx² - (Σx)²) / (n - 1)) / Σx
        case
            when days.full_days >= 5
                then cast(1 as double) / (
                    cast(1 as double)
                    + sqrt(
                        cast(days.full_days as double)
                        * (days.full_days * days.squared_seconds - days.full_seconds * days.full_seconds)
                        / (days.full_days - 1)
                    ) / days.full_seconds
                )
        end as evenness
    from days
    inner join reps
        on days.rep_id = reps.rep_id
    left join lengths
        on days.rep_id = lengths.rep_id
    left join flags
        on days.rep_id = flags.rep_id
)

select * from final
