-- The roster as the client gave it: who takes part, in which team and role.
-- Grain: one row per rep of reps.csv.
-- Expect: unique(rep_id), not_null(rep_id, team)
-- Column: rep_id = Id of the rep.
-- Column: rep_name = Name of the rep.
-- Column: time_zone = IANA name of the rep's zone; null for the study's.

with

final as (
    select
        -- ids
        trim(rep_id) as rep_id,
        -- dimensions
        nullif(trim(name), '') as rep_name,
        nullif(trim(email), '') as email,
        coalesce(nullif(trim(team), ''), 'No team') as team,
        coalesce(nullif(trim(role), ''), 'no role') as role,
        nullif(trim(region), '') as region,
        lower(nullif(trim(tier), '')) as tier,
        coalesce(trim(holiday_region), '') as holiday_region,
        nullif(trim(time_zone), '') as time_zone,
        cast(try_strptime(trim(hired_on), ['%Y-%m-%d']) as date) as hired_date,
        -- measures
        coalesce(try_cast(trim(fte) as double), 1.0) as fte
    from raw_reps
)

select * from final
