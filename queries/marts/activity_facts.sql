-- What the log measures about each activity: the inputs of its verdict. A share is null where the log lacks the column
-- for it.
-- Grain: one row per activity that was logged.
-- Expect: unique(activity_code), not_null(activity_code, seconds, entries), check(reps_doing <= reps)
-- Column: step = Step of the selling process it belongs to; empty for work outside the steps.
-- Column: occurrences_per_rep_week = Entries for each rep and logged week.
-- Column: duration_cv = How much the lengths vary: interquartile range over 1.349 times the median; 0.5 is by half.
-- Column: rep_spread = Slower reps' length over faster ones': upper over lower quartile of the reps' medians; null
--   with fewer than five reps of three entries.
-- Column: rework_share = Part of the time with an answer that repeats work done before.
-- Column: duplication_share = Part of the time that repeats other records, such as reports.
-- Column: digital_share = Part of the time with a channel that is spent on a screen; null where less than half has
--   one.
-- Column: offloadable_share = Part of the time with an answer that somebody else could have done; null where less
--   than half has one.
-- Column: rule_share = Part of the time whose activity a rule or code told.

with

totals as (
    select
        rep_activities.activity_code as activity_code,
        cast(sum(rep_activities.seconds) as bigint) as seconds,
        cast(sum(rep_activities.entries) as bigint) as entries,
        count(rep_effort.rep_id) as reps_doing,
        cast(sum(rep_activities.ruled_seconds) as double) as ruled
    from rep_activities
    left join rep_effort
        on rep_activities.rep_id = rep_effort.rep_id
    group by rep_activities.activity_code
),

-- Medians and quartiles from how often each length occurs: few lengths, however many entries.
lengths as (
    select
        activity_code,
        logged_seconds,
        cast(sum(pieces) as bigint) as pieces
    from int_lengths
    group by
        activity_code,
        logged_seconds
),

ranked as (
    select
        activity_code,
        logged_seconds,
        sum(pieces) over (
            partition by activity_code
            order by logged_seconds
            rows between unbounded preceding and current row
        ) as pieces_up_to,
        cast(sum(pieces) over (partition by activity_code) - 1 as double) as last_rank
    from lengths
),

quartiles as (
    select
        activity_code,
        min(last_rank) as last_rank,
        min(case when pieces_up_to > floor(last_rank * 0.25) then logged_seconds end) as first_low,
        min(case when pieces_up_to > ceil(last_rank * 0.25) then logged_seconds end) as first_high,
        min(case when pieces_up_to > floor(last_rank * 0.5) then logged_seconds end) as middle_low,
        min(case when pieces_up_to > ceil(last_rank * 0.5) then logged_seconds end) as middle_high,
        min(case when pieces_up_to > floor(last_rank * 0.75) then logged_seconds end) as third_low,
        min(case when pieces_up_to > ceil(last_rank * 0.75) then logged_seconds end) as third_high
    from ranked
    group by activity_code
),

-- Between two lengths the quartile lies in proportion, as percentile_cont has it.
spans as (
    select
        activity_code,
        first_low + (first_high - first_low) * (last_rank * 0.25 - floor(last_rank * 0.25)) as lower_quartile,
        middle_low + (middle_high - middle_low) * (last_rank * 0.5 - floor(last_rank * 0.5)) as median_seconds,
        third_low + (third_high - third_low) * (last_rank * 0.75 - floor(last_rank * 0.75)) as upper_quartile
    from quartiles
),

answers as (
    select
        activity_code,
        rework_text_id,
        channel_text_id,
        could_do_text_id,
        cast(sum(seconds) as double) as seconds
    from int_answers
    group by
        activity_code,
        rework_text_id,
        channel_text_id,
        could_do_text_id
),

answered as (
    select
        answers.activity_code as activity_code,
        sum(case when reworks.value is not null then answers.seconds else 0 end) as rework_asked,
        sum(
            case when reworks.value not in ('no', 'n', 'false', '0', '-', 'first time') then answers.seconds else 0 end
        ) as reworked,
        sum(case when channels.value is not null then answers.seconds else 0 end) as channel_asked,
        sum(case when cfg_channels.is_digital then answers.seconds else 0 end) as digital,
        sum(case when could_dos.value is not null then answers.seconds else 0 end) as could_asked,
        sum(
            case
                when could_dos.value not in ('me', 'only me', 'myself', 'i', 'no', 'nobody', 'nobody else', '-')
                    then answers.seconds
                else 0
            end
        ) as offloadable
    from answers
    left join stg_texts as reworks
        on answers.rework_text_id = reworks.text_id
    left join stg_texts as channels
        on answers.channel_text_id = channels.text_id
    left join stg_texts as could_dos
        on answers.could_do_text_id = could_dos.text_id
    left join cfg_channels
        on channels.value = cfg_channels.channel
    group by answers.activity_code
),

by_activity as (
    select
        totals.*,
        spans.lower_quartile as lower_quartile,
        spans.median_seconds as median_seconds,
        spans.upper_quartile as upper_quartile,
        answered.rework_asked as rework_asked,
        answered.reworked as reworked,
        answered.channel_asked as channel_asked,
        answered.digital as digital,
        answered.could_asked as could_asked,
        answered.offloadable as offloadable
    from totals
    inner join spans
        on totals.activity_code = spans.activity_code
    inner join answered
        on totals.activity_code = answered.activity_code
),

reports as (
    select
        activity_code,
        cast(sum(seconds) as double) as seconds,
        cast(sum(repeating_seconds) as double) as repeating_seconds
    from int_repeats
    group by activity_code
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
