-- The week by category twice: of all that was counted, and without what is doubtful ([doubtful] of quality.toml: days
-- of which less than half is logged, days over 16 hours, weeks unlike the others, entries written a day later, lengths
-- that were given, clocks that differ). Shares are of worked time; non-work has none.
-- Grain: one row per category.
-- Expect: unique(category), check(hours >= sound_hours), check(sound_hours >= 0)
-- Column: hours = Counted time.
-- Column: sound_hours = Counted time without what is doubtful.
-- Column: share = Part of the worked time; null for non-work.
-- Column: sound_share = Part of the worked time without what is doubtful; null for non-work.

with

doubtful_days as (
    select distinct
        int_rep_numbers.rep_number as rep_number,
        int_quality_calendar.local_date as local_date
    from int_quality_calendar
    inner join cfg_detector_rules
        on int_quality_calendar.rule = cfg_detector_rules.rule
    inner join int_rep_numbers
        on int_quality_calendar.rep_id = int_rep_numbers.rep_id
    where cfg_detector_rules.is_doubtful
),

days as (
    select
        int_quality_days.*,
        doubtful_days.rep_number is null as is_sound
    from int_quality_days
    left join doubtful_days
        on int_quality_days.rep_number = doubtful_days.rep_number
        and int_quality_days.local_date = doubtful_days.local_date
),

-- An entry doubted twice is taken out once; one on a doubtful day went with it.
doubtful_entries as (
    select distinct
        int_quality_entries.entry_id as entry_id,
        int_quality_entries.rep_number as rep_number,
        int_quality_entries.local_date as local_date,
        int_quality_entries.selling_seconds as selling_seconds,
        int_quality_entries.preparation_seconds as preparation_seconds,
        int_quality_entries.functional_seconds as functional_seconds,
        int_quality_entries.administrative_seconds as administrative_seconds,
        int_quality_entries.development_seconds as development_seconds,
        int_quality_entries.travel_seconds as travel_seconds,
        int_quality_entries.non_work_seconds as non_work_seconds,
        int_quality_entries.unclassified_seconds as unclassified_seconds
    from int_quality_entries
    inner join cfg_detector_rules
        on int_quality_entries.rule = cfg_detector_rules.rule
    left join doubtful_days
        on int_quality_entries.rep_number = doubtful_days.rep_number
        and int_quality_entries.local_date = doubtful_days.local_date
    where cfg_detector_rules.is_doubtful
        and doubtful_days.rep_number is null
),

told as (
    select
        true as is_told,
        is_sound as is_sound,
        selling_seconds, preparation_seconds, functional_seconds, administrative_seconds,
        development_seconds, travel_seconds, non_work_seconds, unclassified_seconds
    from days
    union all
    select
        false as is_told,
        true as is_sound,
        0 - selling_seconds, 0 - preparation_seconds, 0 - functional_seconds, 0 - administrative_seconds,
        0 - development_seconds, 0 - travel_seconds, 0 - non_work_seconds, 0 - unclassified_seconds
    from doubtful_entries
),

by_category as (
    select
        cfg_categories.category as category,
        cfg_categories.category_order as category_order,
        told.is_told as is_told,
        told.is_sound as is_sound,
        case cfg_categories.category
            when 'selling' then told.selling_seconds
            when 'preparation' then told.preparation_seconds
            when 'functional' then told.functional_seconds
            when 'administrative' then told.administrative_seconds
            when 'development' then told.development_seconds
            when 'travel' then told.travel_seconds
            when 'non_work' then told.non_work_seconds
            when 'unclassified' then told.unclassified_seconds
        end as seconds
    from told
    cross join cfg_categories
),

totals as (
    select
        category,
        category_order,
        cast(sum(case when is_told then seconds else 0 end) as bigint) as seconds,
        cast(sum(case when is_sound then seconds else 0 end) as bigint) as sound_seconds
    from by_category
    group by
        category,
        category_order
),

worked as (
    select
        sum(seconds) as seconds,
        sum(sound_seconds) as sound_seconds
    from totals
    where category <> 'non_work'
),

final as (
    select
        -- dimensions
        totals.category as category,
        totals.category_order as category_order,
        -- measures
        cast(totals.seconds as double) / 3600 as hours,
        cast(totals.sound_seconds as double) / 3600 as sound_hours,
        case when totals.category <> 'non_work' then cast(totals.seconds as double) / nullif(worked.seconds, 0) end as share,
        case
            when totals.category <> 'non_work' then cast(totals.sound_seconds as double) / nullif(worked.sound_seconds, 0)
        end as sound_share
    from totals
    cross join worked
)

select * from final
order by category_order
