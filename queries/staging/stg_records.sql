-- Rows of the logs with their texts as typed: to look a line up.
-- Grain: one row per record of a log file.
-- Column: entry_id = Number of the record: of its source and line, the same in every build.

with

final as (
    select
        -- ids
        raw_entries.source_id * 4294967296 + raw_entries.line as entry_id,
        raw_entries.source_id as source_id,
        raw_entries.line % stg_sources.line_span as line,
        -- dimensions
        stg_sources.file as file,
        stg_sources.sheet as sheet,
        reps.text as rep_text,
        date_texts.text as date_text,
        start_texts.text as start_text,
        end_date_texts.text as end_date_text,
        end_texts.text as end_text,
        duration_texts.text as duration_text,
        logged_texts.text as logged_text,
        label_texts.text as label,
        code_texts.text as code,
        account_texts.text as account,
        opportunity_texts.text as opportunity_id,
        stage_texts.text as stage,
        channel_texts.text as channel,
        rework_texts.text as rework,
        could_do_texts.text as could_do,
        waiting_on_texts.text as waiting_on,
        raw_entries.notes as notes,
        raw_entries.extra as extra
    from raw_entries
    left join stg_sources
        on raw_entries.source_id = stg_sources.source_id
    left join raw_texts as reps
        on raw_entries.rep_text_id = reps.text_id
        and reps.field = 'rep'
    left join raw_texts as date_texts
        on raw_entries.date_text_id = date_texts.text_id
        and date_texts.field = 'date_text'
    left join raw_texts as start_texts
        on raw_entries.start_text_id = start_texts.text_id
        and start_texts.field = 'start_text'
    left join raw_texts as end_date_texts
        on raw_entries.end_date_text_id = end_date_texts.text_id
        and end_date_texts.field = 'end_date_text'
    left join raw_texts as end_texts
        on raw_entries.end_text_id = end_texts.text_id
        and end_texts.field = 'end_text'
    left join raw_texts as duration_texts
        on raw_entries.duration_text_id = duration_texts.text_id
        and duration_texts.field = 'duration_text'
    left join raw_texts as logged_texts
        on raw_entries.logged_text_id = logged_texts.text_id
        and logged_texts.field = 'logged_text'
    left join raw_texts as label_texts
        on raw_entries.label_text_id = label_texts.text_id
        and label_texts.field = 'label'
    left join raw_texts as code_texts
        on raw_entries.code_text_id = code_texts.text_id
        and code_texts.field = 'code'
    left join raw_texts as account_texts
        on raw_entries.account_text_id = account_texts.text_id
        and account_texts.field = 'account'
    left join raw_texts as opportunity_texts
        on raw_entries.opportunity_text_id = opportunity_texts.text_id
        and opportunity_texts.field = 'opportunity'
    left join raw_texts as stage_texts
        on raw_entries.stage_text_id = stage_texts.text_id
        and stage_texts.field = 'stage'
    left join raw_texts as channel_texts
        on raw_entries.channel_text_id = channel_texts.text_id
        and channel_texts.field = 'channel'
    left join raw_texts as rework_texts
        on raw_entries.rework_text_id = rework_texts.text_id
        and rework_texts.field = 'rework'
    left join raw_texts as could_do_texts
        on raw_entries.could_do_text_id = could_do_texts.text_id
        and could_do_texts.field = 'could_do'
    left join raw_texts as waiting_on_texts
        on raw_entries.waiting_on_text_id = waiting_on_texts.text_id
        and waiting_on_texts.field = 'waiting_on'
)

select * from final
