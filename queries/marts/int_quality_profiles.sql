-- Days of a rep whose activities take nearly the same parts of the day as those of other days of the week around them:
-- the cosine of the seconds by activity. alike_days counts the others. Few pairs of days are near at all: the lengths of
-- the days by six bunches of activities give each cosine a bound, and only what may reach the limit is multiplied out.
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

bunches as (
    select
        activity_code as activity_code,
        mod(row_number() over (order by activity_code), 6) as bunch
    from cfg_taxonomy
),

days as (
    select
        activities.rep_number as rep_number,
        activities.local_date as local_date,
        sqrt(sum(activities.seconds * activities.seconds)) as size,
        sqrt(sum(case when bunches.bunch = 0 then activities.seconds * activities.seconds else 0 end)) as size_0,
        sqrt(sum(case when bunches.bunch = 1 then activities.seconds * activities.seconds else 0 end)) as size_1,
        sqrt(sum(case when bunches.bunch = 2 then activities.seconds * activities.seconds else 0 end)) as size_2,
        sqrt(sum(case when bunches.bunch = 3 then activities.seconds * activities.seconds else 0 end)) as size_3,
        sqrt(sum(case when bunches.bunch = 4 then activities.seconds * activities.seconds else 0 end)) as size_4,
        sqrt(sum(case when bunches.bunch = 5 then activities.seconds * activities.seconds else 0 end)) as size_5,
        row_number() over (partition by activities.rep_number order by activities.local_date) as place
    from activities
    inner join bunches
        on activities.activity_code = bunches.activity_code
    cross join limits
    group by
        activities.rep_number,
        activities.local_date,
        limits.profile_activities
    having count(*) >= limits.profile_activities
),

distances as (
    select distinct days.place as distance
    from days
    inner join limits
        on days.place <= limits.profile_reach
),

reached as (
    select
        days.*,
        days.place - distances.distance as earlier_place
    from days
    inner join distances
        on days.place > distances.distance
),

-- By the inequality of Cauchy and Schwarz the sum of products is at most that of the bunches' lengths.
near as (
    select
        later.rep_number as rep_number,
        later.local_date as later_date,
        earlier.local_date as earlier_date,
        later.size * earlier.size as sizes
    from reached as later
    inner join days as earlier
        on later.rep_number = earlier.rep_number
        and later.earlier_place = earlier.place
    cross join limits
    where later.size_0 * earlier.size_0
        + later.size_1 * earlier.size_1
        + later.size_2 * earlier.size_2
        + later.size_3 * earlier.size_3
        + later.size_4 * earlier.size_4
        + later.size_5 * earlier.size_5 >= limits.profile_cosine * later.size * earlier.size
),

-- Both days of a pair under one another: what an activity has on both is multiplied.
sides as (
    select rep_number, later_date, earlier_date, sizes, later_date as local_date from near
    union all
    select rep_number, later_date, earlier_date, sizes, earlier_date as local_date from near
),

shared as (
    select
        sides.rep_number as rep_number,
        sides.later_date as later_date,
        sides.earlier_date as earlier_date,
        sides.sizes as sizes,
        min(activities.seconds) * max(activities.seconds) as product
    from sides
    inner join activities
        on sides.rep_number = activities.rep_number
        and sides.local_date = activities.local_date
    group by
        sides.rep_number,
        sides.later_date,
        sides.earlier_date,
        sides.sizes,
        activities.activity_code
    having count(*) = 2
),

pairs as (
    select
        shared.rep_number as rep_number,
        shared.later_date as later_date,
        shared.earlier_date as earlier_date
    from shared
    cross join limits
    group by
        shared.rep_number,
        shared.later_date,
        shared.earlier_date,
        shared.sizes,
        limits.profile_cosine
    having sum(shared.product) >= limits.profile_cosine * shared.sizes
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
