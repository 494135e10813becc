-- Rows of the logs with dates and clock times taken apart, all still text as typed.
-- Grain: one row per record of a log file.
-- Expect: not_null(entry_id, source_id, line)

with

trimmed as (
    select
        raw_entries.source_id * 4294967296 + raw_entries.line as entry_id,
        raw_entries.source_id as source_id,
        raw_entries.line as line,
        raw_entries.rep as rep,
        nullif(trim(raw_entries.date_text), '') as date_text,
        nullif(trim(raw_entries.start_text), '') as start_text,
        nullif(trim(raw_entries.end_date_text), '') as end_date_text,
        nullif(trim(raw_entries.end_text), '') as end_text,
        nullif(trim(raw_entries.logged_text), '') as logged_text,
        nullif(trim(raw_entries.duration_text), '') as duration_text,
        raw_entries.label as label,
        nullif(trim(raw_entries.code), '') as code,
        nullif(trim(raw_entries.account), '') as account,
        nullif(trim(raw_entries.opportunity), '') as opportunity_id,
        nullif(trim(raw_entries.stage), '') as stage,
        lower(nullif(trim(raw_entries.channel), '')) as channel,
        lower(nullif(trim(raw_entries.rework), '')) as rework,
        lower(nullif(trim(raw_entries.could_do), '')) as could_do,
        nullif(trim(raw_entries.waiting_on), '') as waiting_on,
        raw_entries.notes as notes,
        raw_entries.extra as extra
    from raw_entries
),

-- Where a cell holds date and clock time, the place between them: a T, or the last blank before the first colon.
-- "9:05 AM" has none, nor has "5 January 2026".
placed as (
    select
        *,
        case
            when strpos(date_text, 'T') between 9 and 11 then strpos(date_text, 'T')
            when strpos(left(date_text, greatest(strpos(date_text, ':') - 1, 0)), ' ') = 0 then 0
            else strpos(date_text, ':') - strpos(reverse(left(date_text, strpos(date_text, ':') - 1)), ' ')
        end as date_break,
        case
            when strpos(start_text, 'T') between 9 and 11 then strpos(start_text, 'T')
            when strpos(left(start_text, greatest(strpos(start_text, ':') - 1, 0)), ' ') = 0 then 0
            else strpos(start_text, ':') - strpos(reverse(left(start_text, strpos(start_text, ':') - 1)), ' ')
        end as start_break,
        case
            when strpos(end_text, 'T') between 9 and 11 then strpos(end_text, 'T')
            when strpos(left(end_text, greatest(strpos(end_text, ':') - 1, 0)), ' ') = 0 then 0
            else strpos(end_text, ':') - strpos(reverse(left(end_text, strpos(end_text, ':') - 1)), ' ')
        end as end_break,
        case
            when strpos(logged_text, 'T') between 9 and 11 then strpos(logged_text, 'T')
            when strpos(left(logged_text, greatest(strpos(logged_text, ':') - 1, 0)), ' ') = 0 then 0
            else strpos(logged_text, ':') - strpos(reverse(left(logged_text, strpos(logged_text, ':') - 1)), ' ')
        end as logged_break
    from trimmed
),

final as (
    select
        -- ids
        placed.entry_id as entry_id,
        placed.source_id as source_id,
        placed.line as line,
        placed.opportunity_id as opportunity_id,
        -- dimensions
        coalesce(nullif(trim(placed.rep), ''), stg_sources.rep_default) as rep_text,
        stg_sources.time_zone as time_zone,
        stg_sources.instrument as instrument,
        placed.label as label,
        placed.code as code,
        placed.account as account,
        placed.stage as stage,
        placed.channel as channel,
        placed.rework as rework,
        placed.could_do as could_do,
        placed.waiting_on as waiting_on,
        placed.notes as notes,
        placed.extra as extra,
        -- times
        coalesce(
            case when date_break > 0 then left(date_text, date_break - 1) else date_text end,
            case when start_break > 0 then left(start_text, start_break - 1) end
        ) as date_text,
        coalesce(
            case when start_break > 0 then substr(start_text, start_break + 1) else start_text end,
            case when date_break > 0 then substr(date_text, date_break + 1) end
        ) as start_text,
        coalesce(
            end_date_text,
            case when end_break > 0 then left(end_text, end_break - 1) end
        ) as end_date_text,
        case when end_break > 0 then substr(end_text, end_break + 1) else end_text end as end_text,
        case when logged_break > 0 then left(logged_text, logged_break - 1) else logged_text end as logged_date_text,
        case when logged_break > 0 then substr(logged_text, logged_break + 1) end as logged_clock_text,
        duration_text as duration_text
    from placed
    left join stg_sources
        on placed.source_id = stg_sources.source_id
)

select * from final
