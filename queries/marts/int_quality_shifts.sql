-- Pairs of sources of one rep that tell the same entries a constant number of hours apart: one clock is wrong.
-- source_id is the one with fewer entries on the days that both tell.
-- Grain: one row per rep and pair of sources.
-- Expect: unique(rep_number, source_id, other_source_id), check(shift_hours <> 0), check(matches > 0)
-- Kept: as a table, by rep

with

limits as (
    select
        max(case when name = 'shift_matches' then value end) as shift_matches,
        max(case when name = 'shift_days' then value end) as shift_days,
        max(case when name = 'shift_share' then value end) as shift_share
    from cfg_quality_limits
),

told_by_several as (
    select
        rep_number,
        local_date
    from int_entries
    where problem is null
        and start_second is not null
    group by
        rep_number,
        local_date
    having min(source_id) < max(source_id)
),

placed as (
    select
        int_entries.rep_number as rep_number,
        int_entries.local_date as local_date,
        int_entries.source_id as source_id,
        int_entries.start_second as start_second,
        int_entries.seconds as seconds
    from int_entries
    inner join told_by_several
        on int_entries.rep_number = told_by_several.rep_number
        and int_entries.local_date = told_by_several.local_date
    where int_entries.problem is null
        and int_entries.start_second is not null
),

sizes as (
    select
        rep_number,
        source_id,
        count(*) as entries
    from placed
    group by
        rep_number,
        source_id
),

-- Entries of equal length in both sources, by how far apart they begin; 0 is no shift.
matched as (
    select
        earlier.rep_number as rep_number,
        earlier.local_date as local_date,
        earlier.source_id as first_source_id,
        later.source_id as second_source_id,
        floor(cast(later.start_second - earlier.start_second as double) / 3600) as shift_hours
    from placed as earlier
    inner join placed as later
        on earlier.rep_number = later.rep_number
        and earlier.local_date = later.local_date
        and earlier.seconds = later.seconds
        and earlier.source_id < later.source_id
    where floor(cast(later.start_second - earlier.start_second as double) / 3600) * 3600
        = later.start_second - earlier.start_second
        and abs(later.start_second - earlier.start_second) <= 43200
),

shifts as (
    select
        rep_number,
        first_source_id,
        second_source_id,
        cast(shift_hours as bigint) as shift_hours,
        count(*) as matches,
        count(distinct local_date) as days
    from matched
    group by
        rep_number,
        first_source_id,
        second_source_id,
        shift_hours
),

ranked as (
    select
        shifts.*,
        row_number() over (
            partition by rep_number, first_source_id, second_source_id
            order by matches desc, abs(shift_hours), shift_hours
        ) as place
    from shifts
),

final as (
    select
        -- ids
        ranked.rep_number as rep_number,
        case when first_sizes.entries < second_sizes.entries then first_source_id else second_source_id end as source_id,
        case when first_sizes.entries < second_sizes.entries then second_source_id else first_source_id end
            as other_source_id,
        -- measures
        case when first_sizes.entries < second_sizes.entries then 0 - ranked.shift_hours else ranked.shift_hours end
            as shift_hours,
        ranked.matches as matches,
        ranked.days as days
    from ranked
    inner join sizes as first_sizes
        on ranked.rep_number = first_sizes.rep_number
        and ranked.first_source_id = first_sizes.source_id
    inner join sizes as second_sizes
        on ranked.rep_number = second_sizes.rep_number
        and ranked.second_source_id = second_sizes.source_id
    cross join limits
    where ranked.place = 1
        and ranked.shift_hours <> 0
        and ranked.matches >= limits.shift_matches
        and ranked.days >= limits.shift_days
        and ranked.matches >= limits.shift_share * least(first_sizes.entries, second_sizes.entries)
)

select * from final
