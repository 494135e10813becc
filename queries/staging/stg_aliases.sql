-- Other spellings of the reps: those of aliases.csv, and those that reps.csv gives in one cell, parted by semicolons.
-- Grain: one row per alias, rep and file.
-- Expect: not_null(alias, rep_id, is_own_line)
-- Column: is_own_line = Whether it stands in aliases.csv; else in reps.csv.

with

cells as (
    select
        trim(rep_id) as rep_id,
        unnest(string_split(aliases, ';')) as alias
    from raw_reps
),

together as (
    select rep_id, alias, false as is_own_line from cells
    union all
    select trim(rep_id) as rep_id, alias, true as is_own_line from raw_aliases
),

final as (
    select distinct
        -- ids
        rep_id as rep_id,
        -- dimensions
        trim(alias) as alias,
        is_own_line as is_own_line
    from together
    where trim(alias) <> ''
)

select * from final
