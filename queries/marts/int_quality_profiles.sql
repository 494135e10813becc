-- Days of a rep whose activities take nearly the same parts of the day as those of other days of the week around them:
-- the cosine of the seconds by activity. alike_days counts the others.
-- Grain: one row per rep and local day that is like two others or more.
-- Expect: unique(rep_number, local_date), check(alike_days >= 2)
-- Kept: as a table, by rep

with

limits as (
    select
        max(case when name = 'profile_cosine' then value end) as profile_cosine,
        max(case when name = 'profile_activities' then value end) as profile_activities,
        max(case when name = 'profile_reach' then value end) as profile_reach,
        max(case when name = 'repeated_days' then value end) as repeated_days
    from cfg_quality_limits
),

activities as (
    select
        rep_number,
        local_date,
        activity_code,
        cast(sum(seconds) as double) as seconds
    from int_work
    group by
        rep_number,
        local_date,
        activity_code
),

days as (
    select
        activities.rep_number as rep_number,
        activities.local_date as local_date,
        sum(activities.seconds * activities.seconds) as square,
        row_number() over (partition by activities.rep_number order by activities.local_date) as place
    from activities
    cross join limits
    group by
        activities.rep_number,
        activities.local_date,
        limits.profile_activities
    having count(*) >= limits.profile_activities
),

placed as (
    select
        activities.rep_number as rep_number,
        activities.activity_code as activity_code,
        activities.seconds as seconds,
        days.local_date as local_date,
        days.square as square,
        days.place as place
    from activities
    inner join days
        on activities.rep_number = days.rep_number
        and activities.local_date = days.local_date
),

distances as (
    select distinct days.place as distance
    from days
    inner join limits
        on days.place <= limits.profile_reach
),

-- Each day once for each of the days before it that it is held against: a join by place grows with the days, one of
-- all days of a rep with their square.
reached as (
    select
        placed.rep_number as rep_number,
        placed.activity_code as activity_code,
        placed.seconds as seconds,
        placed.local_date as local_date,
        placed.square as square,
        placed.place - distances.distance as place
    from placed
    inner join distances
        on placed.place > distances.distance
),

pairs as (
    select
        later.rep_number as rep_number,
        later.local_date as later_date,
        earlier.local_date as earlier_date
    from reached as later
    inner join placed as earlier
        on later.rep_number = earlier.rep_number
        and later.place = earlier.place
        and later.activity_code = earlier.activity_code
    cross join limits
    group by
        later.rep_number,
        later.local_date,
        earlier.local_date,
        later.square,
        earlier.square,
        limits.profile_cosine
    having sum(later.seconds * earlier.seconds) >= limits.profile_cosine * sqrt(later.square) * sqrt(earlier.square)
),

both_ways as (
    select rep_number as rep_number, later_date as local_date from pairs
    union all
    select rep_number as rep_number, earlier_date as local_date from pairs
),

final as (
    select
        -- ids
        both_ways.rep_number as rep_number,
        -- times
        both_ways.local_date as local_date,
        -- measures
        count(*) as alike_days
    from both_ways
    cross join limits
    group by
        both_ways.rep_number,
        both_ways.local_date,
        limits.repeated_days
    having count(*) >= limits.repeated_days - 1
)

select * from final
