-- Teams as they may be shown: those under the smallest group are put together, with the next smallest when
-- they are still too few, so that nothing can be worked out by subtracting from the total.
-- Grain: one row per team.
-- Expect: unique(team), not_null(team, shown_team)

with

sizes as (
    select
        reps.team as team,
        count(distinct rep_days.rep_id) as reps
    from reps
    left join rep_days
        on reps.rep_id = rep_days.rep_id
        and rep_days.worked_seconds > 0
    group by reps.team
),

ranked as (
    select
        sizes.team as team,
        sizes.reps as reps,
        sizes.reps < cfg_study.min_group as is_small,
        cast(sum(case when sizes.reps < cfg_study.min_group then sizes.reps else 0 end) over () as bigint) as small_reps,
        row_number() over (
            partition by case when sizes.reps < cfg_study.min_group then 1 else 0 end
            order by sizes.reps, sizes.team
        ) as place,
        cfg_study.min_group as min_group
    from sizes
    cross join cfg_study
),

final as (
    select
        team as team,
        case
            when is_small then 'Other teams'
            when small_reps > 0 and small_reps < min_group and place = 1 then 'Other teams'
            else team
        end as shown_team,
        reps as reps
    from ranked
)

select * from final
