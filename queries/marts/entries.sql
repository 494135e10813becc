-- Counted time: what remains of the logs when overlaps, duplicates and unreadable rows are out, with its activity.
-- start_second and end_second count from 1970-01-01 UTC and are null for day totals; local_start_second counts
-- from local midnight; logged_seconds is the length the rep wrote, seconds the part of it that counts here. Where
-- is_imputed, the settings gave the length: the rep wrote a point in time.
-- Grain: one row per entry and uninterrupted stretch of it; an entry that names several activities has one row for
-- each.
-- Kept: as a view
-- Column: entry_id = Number of the entry: made of its file and line, the same in every build; several rows where it
--   is split.
-- Column: stage = Stage of the CRM, as the log names it.
-- Column: part_number = Which of the activities that the label names, from 1.
-- Column: parts = Activities that the label names; the time is divided among them.
-- Column: is_first_piece = Whether it is the first piece of the entry: count these to count entries.
-- Column: is_imputed = Whether the settings gave the length, because the rep wrote a point in time.
-- Column: start_second = Start, in seconds since 1970-01-01 UTC; null for totals of a day.
-- Column: end_second = End, in seconds since 1970-01-01 UTC; null for totals of a day.
-- Column: local_start_second = Start, in seconds after local midnight; null for totals of a day.
-- Column: seconds = Time that counts here.
-- Column: logged_seconds = Length of the whole entry as the rep wrote it.

with

final as (
    select
        -- ids
        int_parts.entry_id as entry_id,
        int_parts.source_id as source_id,
        mod(int_parts.line, stg_sources.line_span) as line,
        int_rep_numbers.rep_id as rep_id,
        opportunities.value as opportunity_id,
        int_parts.activity_code as activity_code,
        int_parts.rule_id as rule_id,
        -- dimensions
        int_parts.category as category,
        int_parts.matched_by as matched_by,
        stg_labels.label as label,
        accounts.value as account,
        stages.value as stage,
        channels.value as channel,
        reworks.value as rework,
        could_dos.value as could_do,
        waits.value as waiting_on,
        stg_sources.instrument as instrument,
        int_parts.part_number as part_number,
        int_parts.parts as parts,
        int_parts.is_first_piece as is_first_piece,
        int_imputed.entry_id is not null as is_imputed,
        -- times
        int_parts.local_date as local_date,
        int_parts.start_second as start_second,
        int_parts.end_second as end_second,
        int_parts.local_start_second as local_start_second,
        -- measures
        int_parts.seconds as seconds,
        int_parts.logged_seconds as logged_seconds
    from int_parts
    left join int_rep_numbers
        on int_parts.rep_number = int_rep_numbers.text_id
    left join stg_sources
        on int_parts.source_id = stg_sources.source_id
    left join int_imputed
        on int_parts.entry_id = int_imputed.entry_id
    left join stg_labels
        on int_parts.wording_id = stg_labels.wording_id
    left join stg_texts as opportunities
        on int_parts.opportunity_text_id = opportunities.text_id
        and opportunities.field = 'opportunity'
    left join stg_texts as accounts
        on int_parts.account_text_id = accounts.text_id
        and accounts.field = 'account'
    left join stg_texts as stages
        on int_parts.stage_text_id = stages.text_id
        and stages.field = 'stage'
    left join stg_texts as channels
        on int_parts.channel_text_id = channels.text_id
        and channels.field = 'channel'
    left join stg_texts as reworks
        on int_parts.rework_text_id = reworks.text_id
        and reworks.field = 'rework'
    left join stg_texts as could_dos
        on int_parts.could_do_text_id = could_dos.text_id
        and could_dos.field = 'could_do'
    left join stg_texts as waits
        on int_parts.waiting_on_text_id = waits.text_id
        and waits.field = 'waiting_on'
)

select * from final
