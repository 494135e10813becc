-- Time of each rep by activity; median_seconds is the median length of an entry as the rep wrote it;
-- ruled_seconds is the part of the time whose activity a rule or code told.
-- Grain: one row per rep and activity that the rep logged.
-- Expect: unique(rep_id, activity_code), not_null(rep_id, activity_code), check(seconds > 0)

with

totals as (
    select
        rep_number,
        activity_code,
        category,
        cast(sum(seconds) as bigint) as seconds,
        count(*) filter (where is_first_piece) as entries,
        median(logged_seconds) as median_seconds,
        cast(sum(case when matched_by in ('rule', 'code') then seconds else 0 end) as bigint) as ruled_seconds
    from int_work
    group by
        rep_number,
        activity_code,
        category
),

final as (
    select
        -- ids
        reps.rep_id as rep_id,
        totals.activity_code as activity_code,
        -- dimensions
        int_team_groups.shown_team as team,
        reps.role as role,
        reps.tier as tier,
        totals.category as category,
        -- measures
        totals.seconds as seconds,
        totals.entries as entries,
        totals.median_seconds as median_seconds,
        totals.ruled_seconds as ruled_seconds
    from totals
    inner join int_rep_numbers
        on totals.rep_number = int_rep_numbers.text_id
    inner join reps
        on int_rep_numbers.rep_id = reps.rep_id
    inner join int_team_groups
        on reps.team = int_team_groups.team
)

select * from final
