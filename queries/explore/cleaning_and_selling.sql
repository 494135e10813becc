-- Would the answer be another one without the cleaning? What each detector of log quality found, what was done about
-- it, and by how many points the selling share would change under the other treatment.
-- Grain: one row per detector, the one that changes most first.
-- Set: points = 0 (change of the selling share, up or down, from which a detector is shown)

with

final as (
    select
        -- ids
        detector as detector,
        -- dimensions
        name as name,
        found as found,
        treatment as treatment,
        -- measures
        affected_rows as affected_rows,
        round(cast(seconds as double) / 3600, 1) as hours,
        round(selling_share, 4) as selling_share,
        round(other_selling_share, 4) as other_selling_share,
        -- less nothing is nothing: -0.0 becomes 0.0
        round(effect_points, 2) + 0 as effect_points
    from log_quality
    where effect_points is not null
        and abs(effect_points) >= $points
)

select * from final
order by abs(effect_points) desc, detector
