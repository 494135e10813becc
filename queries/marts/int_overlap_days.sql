-- Days of a rep on which some entry begins before an earlier one has ended: only these need sorting out.
-- Grain: one row per rep and local day.
-- Expect: unique(rep_number, local_date), not_null(rep_number, local_date)
-- Kept: as a table, by rep

with

reached as (
    select
        rep_number,
        local_date,
        start_second,
        max(end_second) over (
            partition by rep_number, local_date
            order by start_second, end_second, entry_id
            rows between unbounded preceding and 1 preceding
        ) as reached_second
    from int_day_pieces
    where problem is null
        and start_second is not null
),

final as (
    select distinct
        rep_number as rep_number,
        local_date as local_date
    from reached
    where start_second < reached_second
)

select * from final
