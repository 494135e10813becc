"""Changes of stage that change no stage: a CRM writes a row also when amount, date or probability change.

Whether a row repeats its stage shows only when the row before it in time is known, and exports are in any order: so
the rows are compared in the database once all of a source's are there. Knows the table, not the files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from timewaste.issue import Issue, shorten

if TYPE_CHECKING:
    from timewaste.store import Store

RULE = "crm/same_stage"
# A time without an offset is compared as UTC: within one source, all have one or none has.
_REMOVE = """
delete from raw_crm_stage_events
where source_id = $source_id
    and line in (
        select line
        from (
            select
                line,
                lower(trim(stage)) as stage,
                lag(lower(trim(stage))) over (partition by trim(opportunity_id) order by entered, line) as stage_before
            from (
                select
                    line,
                    opportunity_id,
                    stage,
                    try_strptime(
                        case
                            when entered_at like '%T%Z' then replace(entered_at, 'Z', '+00:00')
                            when entered_at like '%T%+%' or entered_at like '%T%-%' then entered_at
                            when entered_at like '%T%' then concat(entered_at, '+00:00')
                            else concat(entered_at, 'T00:00:00+00:00')
                        end,
                        '%Y-%m-%dT%H:%M:%S%z'
                    ) as entered
                from raw_crm_stage_events
                where source_id = $source_id
            ) as timed
        ) as compared
        where stage = stage_before
    )
returning line, stage
"""


def skip_repeats(store: Store, source_id: int) -> list[Issue]:
    """Take the rows of a source that repeat their opportunity's stage out of `raw_crm_stage_events`.

    Returns an issue for each, by line. What counts is the row before in time, whatever the order of the file; at
    the same second, the line decides.
    """
    removed = sorted(store.execute(_REMOVE, {"source_id": source_id}))
    return [Issue(line, "", RULE, shorten(stage), "skipped") for line, stage in removed]
