-- Entries whose length the settings gave them, because they are a point in time.
-- Grain: one row per entry.
-- Expect: unique(entry_id), not_null(entry_id)

with

final as (
    select entry_id as entry_id
    from int_entries
    where problem is null
        and is_imputed
)

select * from final
