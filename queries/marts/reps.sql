-- Everybody who takes part: the roster, and those whose time counts without standing in it.
-- Grain: one row per rep.
-- Expect: unique(rep_id), not_null(rep_id, team, role)

with

strangers as (
    select distinct int_reps.rep_id as rep_id
    from int_reps
    inner join rep_days
        on int_reps.rep_id = rep_days.rep_id
    where not int_reps.is_in_roster
),

final as (
    select
        rep_id as rep_id,
        rep_name as rep_name,
        team as team,
        role as role,
        region as region,
        tier as tier,
        hired_date as hired_date,
        fte as fte,
        true as is_in_roster
    from stg_reps
    union all
    select
        strangers.rep_id as rep_id,
        strangers.rep_id as rep_name,
        'No team' as team,
        'no role' as role,
        cast(null as string) as region,
        cast(null as string) as tier,
        cast(null as date) as hired_date,
        cast(1 as double) as fte,
        false as is_in_roster
    from strangers
    where strangers.rep_id not in (select rep_id from stg_reps)
)

select * from final
