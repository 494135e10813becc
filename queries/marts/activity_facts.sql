-- What the log measures about each activity: the inputs of its verdict. A share is null where the log lacks the column
-- for it.
-- Grain: one row per activity that was logged.
-- Expect: unique(activity_code), not_null(activity_code, seconds, entries), check(reps_doing <= reps)

with

by_activity as (
    select
        entries.activity_code as activity_code,
        cast(sum(entries.seconds) as bigint) as seconds,
        count(*) filter (where entries.is_first_piece) as entries,
        count(distinct rep_effort.rep_id) as reps_doing,
        median(entries.logged_seconds) as median_seconds,
        percentile_cont(0.25) within group (order by entries.logged_seconds) as lower_quartile,
        percentile_cont(0.75) within group (order by entries.logged_seconds) as upper_quartile,
        cast(sum(case when entries.matched_by in ('rule', 'code') then entries.seconds else 0 end) as double) as ruled,
        cast(sum(case when entries.rework is not null then entries.seconds else 0 end) as double) as rework_asked,
        cast(sum(
            case when entries.rework not in ('no', 'n', 'false', '0', '-', 'first time') then entries.seconds else 0 end
        ) as double) as reworked,
        cast(sum(case when entries.channel is not null then entries.seconds else 0 end) as double) as channel_asked,
        cast(sum(case when cfg_channels.is_digital then entries.seconds else 0 end) as double) as digital,
        cast(sum(case when entries.could_do is not null then entries.seconds else 0 end) as double) as could_asked,
        cast(sum(
            case
                when entries.could_do not in ('me', 'only me', 'myself', 'i', 'no', 'nobody', 'nobody else', '-')
                    then entries.seconds
                else 0
            end
        ) as double) as offloadable
    from entries
    left join cfg_channels
        on entries.channel = cfg_channels.channel
    left join rep_effort
        on entries.rep_id = rep_effort.rep_id
    group by entries.activity_code
),

-- A report written within 24 hours of the rep's own entry in the CRM says again what the CRM already holds.
crm_entries as (
    select distinct
        rep_id as rep_id,
        start_second as start_second
    from entries
    where activity_code = 'A11'
        and start_second is not null
),

report_pieces as (
    select
        activity_code as activity_code,
        entry_id as entry_id,
        part_number as part_number,
        rep_id as rep_id,
        start_second as start_second,
        seconds as seconds
    from entries
    where activity_code in ('A13', 'A14')
        and start_second is not null
),

repeating as (
    select distinct
        report_pieces.entry_id as entry_id,
        report_pieces.part_number as part_number,
        report_pieces.start_second as start_second
    from report_pieces
    inner join crm_entries
        on report_pieces.rep_id = crm_entries.rep_id
        and crm_entries.start_second >= report_pieces.start_second - 86400
        and crm_entries.start_second <= report_pieces.start_second + 86400
),

reports as (
    select
        report_pieces.activity_code as activity_code,
        cast(sum(report_pieces.seconds) as double) as seconds,
        cast(sum(case when repeating.entry_id is not null then report_pieces.seconds else 0 end) as double)
            as repeating_seconds
    from report_pieces
    left join repeating
        on report_pieces.entry_id = repeating.entry_id
        and report_pieces.part_number = repeating.part_number
        and report_pieces.start_second = repeating.start_second
    group by report_pieces.activity_code
),

spreads as (
    select
        activity_code as activity_code,
        percentile_cont(0.75) within group (order by median_seconds) as upper_median,
        percentile_cont(0.25) within group (order by median_seconds) as lower_median
    from rep_activities
    where entries >= 3
    group by activity_code
    having count(*) >= 5
),

final as (
    select
        -- ids
        by_activity.activity_code as activity_code,
        -- dimensions
        cfg_taxonomy.activity as activity,
        cfg_taxonomy.category as category,
        cfg_taxonomy.value_class as value_class,
        cfg_taxonomy.is_customer_facing as is_customer_facing,
        cfg_taxonomy.step as step,
        -- measures
        study_effort.reps as reps,
        by_activity.reps_doing as reps_doing,
        by_activity.entries as entries,
        by_activity.seconds as seconds,
        study_effort.rep_weeks as rep_weeks,
        by_activity.entries / study_effort.rep_weeks as occurrences_per_rep_week,
        by_activity.median_seconds as median_seconds,
        (by_activity.upper_quartile - by_activity.lower_quartile) / 1.349 / nullif(by_activity.median_seconds, 0)
            as duration_cv,
        spreads.upper_median / nullif(spreads.lower_median, 0) as rep_spread,
        case when by_activity.rework_asked > 0 then by_activity.reworked / by_activity.rework_asked end as rework_share,
        case when reports.seconds > 0 then reports.repeating_seconds / reports.seconds end as duplication_share,
        case when by_activity.channel_asked * 2 >= by_activity.seconds then by_activity.digital / by_activity.channel_asked end
            as digital_share,
        case when by_activity.could_asked * 2 >= by_activity.seconds then by_activity.offloadable / by_activity.could_asked end
            as offloadable_share,
        tier_gaps.top_gap as top_gap,
        tier_gaps.is_top_gap_significant as is_top_gap_significant,
        by_activity.ruled / by_activity.seconds as rule_share
    from by_activity
    inner join cfg_taxonomy
        on by_activity.activity_code = cfg_taxonomy.activity_code
    cross join study_effort
    left join reports
        on by_activity.activity_code = reports.activity_code
    left join tier_gaps
        on by_activity.activity_code = tier_gaps.activity_code
    left join spreads
        on by_activity.activity_code = spreads.activity_code
)

select * from final
