-- What is wrong or doubtful about single rows. value is the text it is about; where that is the label, wording_id is.
-- Grain: one row per entry, local day and rule.
-- Expect: not_null(source_id, line, rule, treatment)
-- Kept: as a table, by rep

with

-- The text that is wrong, and a second one where two contradict each other.
wrong as (
    select
        int_entries.source_id as source_id,
        int_entries.line as line,
        int_entries.rep_number as rep_number,
        int_entries.local_date as local_date,
        int_entries.problem as rule,
        int_entries.seconds as seconds,
        int_entries.problem = 'entry/end_before_start'
        or (int_entries.problem like 'time/%' and int_entries.problem <> 'time/format') as is_span,
        case
            when int_entries.problem like 'date/%' or int_entries.problem = 'time/format'
                then
                    case
                        when int_entries.problem = dates.date_problem then stg_entries.date_text_id
                        when dates.has_date is not true and int_entries.problem = starts.date_problem
                            then stg_entries.start_text_id
                        when int_entries.problem = starts.clock_problem then stg_entries.start_text_id
                        when starts.has_clock is not true and int_entries.problem = dates.clock_problem
                            then stg_entries.date_text_id
                        when int_entries.problem = end_dates.date_problem then stg_entries.end_date_text_id
                        when int_entries.problem = ends.date_problem or int_entries.problem = ends.clock_problem
                            then stg_entries.end_text_id
                        else stg_entries.date_text_id
                    end
            when int_entries.problem = 'entry/end_before_start' or int_entries.problem like 'time/%'
                then stg_entries.start_text_id
            when int_entries.problem like 'duration/%' or int_entries.problem like 'number/%'
                then stg_entries.duration_text_id
        end as text_id,
        case
            when int_entries.problem = 'entry/end_before_start'
                or (int_entries.problem like 'time/%' and int_entries.problem <> 'time/format')
                then stg_entries.end_text_id
        end as end_text_id,
        int_entries.wording_id as wording_id
    from int_entries
    inner join stg_entries
        on int_entries.entry_id = stg_entries.entry_id
    left join int_moments as dates
        on stg_entries.source_id = dates.source_id
        and stg_entries.date_text_id = dates.text_id
    left join int_moments as starts
        on stg_entries.source_id = starts.source_id
        and stg_entries.start_text_id = starts.text_id
    left join int_moments as end_dates
        on stg_entries.source_id = end_dates.source_id
        and stg_entries.end_date_text_id = end_dates.text_id
    left join int_moments as ends
        on stg_entries.source_id = ends.source_id
        and stg_entries.end_text_id = ends.text_id
    where int_entries.problem is not null
),

refused as (
    select
        wrong.source_id as source_id,
        wrong.line as line,
        wrong.rep_number as rep_number,
        wrong.local_date as local_date,
        wrong.rule as rule,
        'set_aside' as treatment,
        case
            when wrong.is_span then concat(coalesce(texts.value, ''), ' to ', coalesce(ends.value, ''))
            else coalesce(texts.value, stg_issues.value)
        end as value,
        stg_issues.column_name as column_name,
        wrong.wording_id as wording_id,
        wrong.seconds as seconds
    from wrong
    left join stg_texts as texts
        on wrong.text_id = texts.text_id
    left join stg_texts as ends
        on wrong.end_text_id = ends.text_id
    left join stg_issues
        on wrong.source_id = stg_issues.source_id
        and wrong.line = stg_issues.line
        and wrong.rule = stg_issues.rule
),

doubled as (
    select
        int_entries.source_id as source_id,
        int_entries.line as line,
        int_duplicates.rep_number as rep_number,
        int_duplicates.local_date as local_date,
        int_duplicates.rule as rule,
        'duplicate' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        int_entries.wording_id as wording_id,
        int_duplicates.seconds as seconds
    from int_duplicates
    inner join int_entries
        on int_duplicates.entry_id = int_entries.entry_id
),

kept as (
    select
        entry_id as entry_id,
        local_date as local_date,
        cast(sum(end_second - start_second) as bigint) as seconds
    from int_overlap_pieces
    group by
        entry_id,
        local_date
),

overlapped as (
    select
        int_overlap_entries.source_id as source_id,
        int_overlap_entries.line as line,
        int_overlap_entries.rep_number as rep_number,
        int_overlap_entries.local_date as local_date,
        'entry/overlap' as rule,
        'split' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        int_overlap_entries.wording_id as wording_id,
        int_overlap_entries.seconds - coalesce(kept.seconds, 0) as seconds
    from int_overlap_entries
    left join kept
        on int_overlap_entries.entry_id = kept.entry_id
        and int_overlap_entries.local_date = kept.local_date
    left join int_duplicates
        on int_overlap_entries.entry_id = int_duplicates.entry_id
        and int_overlap_entries.local_date = int_duplicates.local_date
    where int_duplicates.entry_id is null
        and int_overlap_entries.seconds > coalesce(kept.seconds, 0)
),

across_midnight as (
    select
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        local_date as local_date,
        'entry/across_midnight' as rule,
        'noted' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        wording_id as wording_id,
        seconds as seconds
    from int_day_pieces
    where problem is null
        and seconds < entry_seconds
        and is_first_day
),

overfull as (
    select
        int_day_pieces.source_id as source_id,
        int_day_pieces.line as line,
        int_day_pieces.rep_number as rep_number,
        int_day_pieces.local_date as local_date,
        'day/over_24h' as rule,
        'set_aside' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        int_day_pieces.wording_id as wording_id,
        int_day_pieces.seconds as seconds
    from int_day_pieces
    inner join int_overfull_days
        on int_day_pieces.rep_number = int_overfull_days.rep_number
        and int_day_pieces.local_date = int_overfull_days.local_date
    left join int_duplicates
        on int_day_pieces.entry_id = int_duplicates.entry_id
        and int_day_pieces.local_date = int_duplicates.local_date
    where int_day_pieces.problem is null
        and int_day_pieces.start_second is null
        and int_duplicates.entry_id is null
),

disagreeing as (
    select
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        local_date as local_date,
        'entry/end_and_duration_disagree' as rule,
        'noted' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        wording_id as wording_id,
        abs(seconds - stated_seconds) as seconds
    from int_entries
    where problem is null
        and abs(seconds - stated_seconds) > 60
),

backfilled as (
    select
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        local_date as local_date,
        'entry/backfilled' as rule,
        'noted' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        wording_id as wording_id,
        seconds as seconds
    from int_entries
    where problem is null
        and written_after_seconds - seconds > 86400
),

imputed as (
    select
        source_id as source_id,
        line as line,
        rep_number as rep_number,
        local_date as local_date,
        'entry/imputed' as rule,
        'noted' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        wording_id as wording_id,
        seconds as seconds
    from int_entries
    where problem is null
        and is_imputed
),

final as (
    select * from refused
    union all
    select * from doubled
    union all
    select * from overlapped
    union all
    select * from across_midnight
    union all
    select * from overfull
    union all
    select * from disagreeing
    union all
    select * from backfilled
    union all
    select * from imputed
)

select * from final
