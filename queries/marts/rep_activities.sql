-- Time of each rep by activity; median_seconds is the median length of an entry as the rep wrote it;
-- ruled_seconds is the part of the time whose activity a rule or code told.
-- Grain: one row per rep and activity that the rep logged.
-- Expect: unique(rep_id, activity_code), not_null(rep_id, activity_code), check(seconds > 0)
-- Kept: as a table, by rep
-- Column: team = Team as it may be shown; small ones are together in Other teams.

with

ranked as (
    select
        int_lengths.*,
        sum(pieces) over (
            partition by rep_number, activity_code
            order by logged_seconds
            rows between unbounded preceding and current row
        ) as pieces_up_to,
        cast(sum(pieces) over (partition by rep_number, activity_code) - 1 as double) / 2 as middle_rank
    from int_lengths
),

-- Where the middle lies between two entries, the median is half way between their lengths.
totals as (
    select
        rep_number,
        activity_code,
        min(category) as category,
        cast(sum(seconds) as bigint) as seconds,
        cast(sum(entries) as bigint) as entries,
        cast(sum(ruled_seconds) as bigint) as ruled_seconds,
        (
            min(case when pieces_up_to > floor(middle_rank) then logged_seconds end)
            + min(case when pieces_up_to > ceil(middle_rank) then logged_seconds end)
        ) / cast(2 as double) as median_seconds
    from ranked
    group by
        rep_number,
        activity_code
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
