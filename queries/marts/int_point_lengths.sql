-- Channels that the logs name and the settings give a length, for entries that are a point in time.
-- Grain: one row per text.
-- Expect: unique(text_id), not_null(text_id, seconds)

with

final as (
    select
        -- ids
        stg_texts.text_id as text_id,
        -- measures
        cfg_point_lengths.seconds as seconds
    from stg_texts
    inner join cfg_point_lengths
        on stg_texts.value = cfg_point_lengths.channel
    where stg_texts.field = 'channel'
)

select * from final
