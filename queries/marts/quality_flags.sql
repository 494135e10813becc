-- Everything that a detector of log quality has found, with what another treatment of it would take out of the study's
-- worked and selling time (is_counted), or add to it. entry_id is null where a flag is about a day or several rows;
-- worked_seconds is null where nothing can be measured.
-- Grain: one row per detector, rule, treatment and entry, or rep, day and source.
-- Kept: as a view
-- Column: entry_id = Number of the entry; null where it is about a day or several rows.
-- Column: is_counted = Whether the time is in the counted time: another treatment would take it out, else add it.
-- Column: entries = Entries or rows concerned.
-- Column: seconds = Time concerned; null where nothing can be measured.
-- Column: worked_seconds = What another treatment would take out of worked time, or add to it; null where nothing can
--   be measured.
-- Column: selling_seconds = What another treatment would take out of selling time, or add to it; null where nothing
--   can be measured.

with

final as (
    select
        -- ids
        int_quality_entries.detector as detector,
        int_quality_entries.rule as rule,
        int_rep_numbers.rep_id as rep_id,
        int_quality_entries.source_id as source_id,
        int_quality_entries.entry_id as entry_id,
        -- dimensions
        true as is_counted,
        -- times
        int_quality_entries.local_date as local_date,
        -- measures
        cast(int_quality_entries.entries as bigint) as entries,
        int_quality_entries.counted_seconds as seconds,
        int_quality_entries.worked_seconds as worked_seconds,
        int_quality_entries.selling_seconds as selling_seconds
    from int_quality_entries
    inner join int_rep_numbers
        on int_quality_entries.rep_number = int_rep_numbers.text_id
    union all
    select
        int_quality_rows.detector as detector,
        int_quality_rows.rule as rule,
        int_rep_numbers.rep_id as rep_id,
        int_quality_rows.source_id as source_id,
        cast(null as bigint) as entry_id,
        int_quality_rows.is_counted as is_counted,
        int_quality_rows.local_date as local_date,
        int_quality_rows.entries as entries,
        int_quality_rows.seconds as seconds,
        int_quality_rows.worked_seconds as worked_seconds,
        int_quality_rows.selling_seconds as selling_seconds
    from int_quality_rows
    left join int_rep_numbers
        on int_quality_rows.rep_number = int_rep_numbers.text_id
    union all
    select
        cfg_detector_rules.detector as detector,
        stg_issues.rule as rule,
        cast(null as string) as rep_id,
        stg_issues.source_id as source_id,
        cast(null as bigint) as entry_id,
        true as is_counted,
        cast(null as date) as local_date,
        count(*) as entries,
        cast(null as bigint) as seconds,
        cast(null as bigint) as worked_seconds,
        cast(null as bigint) as selling_seconds
    from stg_issues
    inner join cfg_detector_rules
        on stg_issues.rule = cfg_detector_rules.rule
    where stg_issues.treatment <> 'set_aside'
        and stg_issues.rule <> 'entry/imputed'
    group by
        cfg_detector_rules.detector,
        stg_issues.rule,
        stg_issues.source_id
    union all
    select
        int_quality_calendar.detector as detector,
        int_quality_calendar.rule as rule,
        int_quality_calendar.rep_id as rep_id,
        cast(null as bigint) as source_id,
        cast(null as bigint) as entry_id,
        int_quality_calendar.is_counted as is_counted,
        int_quality_calendar.local_date as local_date,
        int_quality_calendar.entries as entries,
        int_quality_calendar.seconds as seconds,
        int_quality_calendar.worked_seconds as worked_seconds,
        int_quality_calendar.selling_seconds as selling_seconds
    from int_quality_calendar
)

select * from final
