-- Everything wrong, doubtful or worth knowing about a record, a day or a rep, with what was done about it.
-- seconds is the time concerned: all of it for rows set aside, what was lost for overlaps; null where no length can be
-- read.
-- Grain: one row per issue.
-- Expect: unique(issue_id), not_null(rule, treatment, severity, title)
-- Column: column_name = Column of the file that it is about; null where it is about the whole row.
-- Column: value = What stands there.
-- Column: seconds = Time concerned; null where no length can be read.
-- Column: local_date = Local day that it is about; null where none can be told.

with

told_by_readers as (
    select
        source_id as source_id,
        line as line,
        cast(null as bigint) as rep_number,
        cast(null as date) as local_date,
        rule as rule,
        treatment as treatment,
        value as value,
        column_name as column_name,
        cast(null as bigint) as wording_id,
        cast(null as bigint) as seconds
    from stg_issues
    where treatment <> 'set_aside'
),

long_days as (
    select
        cast(null as bigint) as source_id,
        cast(null as bigint) as line,
        rep_id as rep_id,
        local_date as local_date,
        'day/over_16h' as rule,
        'noted' as treatment,
        cast(null as string) as value,
        cast(null as string) as column_name,
        cast(null as bigint) as wording_id,
        counted_seconds as seconds
    from day_accounts
    where counted_seconds > 57600
),

strangers as (
    select
        cast(null as bigint) as source_id,
        cast(null as bigint) as line,
        int_reps.rep_id as rep_id,
        cast(null as date) as local_date,
        'rep/not_in_roster' as rule,
        'noted' as treatment,
        case
            when unresolved_reps.suggestion_name is null then int_reps.rep_text
            else concat(int_reps.rep_text, ' (nearest: ', unresolved_reps.suggestion_name, ')')
        end as value,
        'rep' as column_name,
        cast(null as bigint) as wording_id,
        cast(null as bigint) as seconds
    from int_reps
    left join unresolved_reps
        on int_reps.rep_text = unresolved_reps.rep_text
    where not int_reps.is_in_roster
        and exists (select 1 from stg_reps)
        and int_reps.rep_id in (select rep_id from rep_days)
),

-- A few days by themselves, half a year from all others: a year or month that somebody mistyped stretches the study.
logged_days as (
    select
        calendar.local_date as local_date,
        calendar.day_number - lag(calendar.day_number) over (order by calendar.day_number) as step_days,
        calendar.day_number as day_number
    from calendar
    inner join cfg_settings
        on calendar.time_zone = cfg_settings.time_zone
    where calendar.local_date in (select local_date from rep_days)
),

limits as (
    select
        max(case when name = 'far_gap_days' then value end) as far_gap_days,
        max(case when name = 'far_days' then value end) as far_days
    from cfg_quality_limits
),

islands as (
    select
        logged_days.local_date as local_date,
        sum(case when logged_days.step_days > limits.far_gap_days then 1 else 0 end) over (
            order by logged_days.day_number
            rows between unbounded preceding and current row
        ) as island
    from logged_days
    cross join limits
),

sizes as (
    select
        local_date,
        count(*) over (partition by island) as days
    from islands
),

far_days as (
    select sizes.local_date as local_date
    from sizes
    cross join limits
    where sizes.days <= limits.far_days
        and sizes.days < (select max(days) from sizes)
),

far_rows as (
    select
        int_entries.source_id as source_id,
        int_entries.line as line,
        int_entries.rep_number as rep_number,
        int_entries.local_date as local_date,
        'date/far' as rule,
        'noted' as treatment,
        stg_texts.value as value,
        cast(null as string) as column_name,
        cast(null as bigint) as wording_id,
        int_entries.seconds as seconds
    from int_entries
    inner join far_days
        on int_entries.local_date = far_days.local_date
    left join stg_entries
        on int_entries.entry_id = stg_entries.entry_id
    left join stg_texts
        on coalesce(stg_entries.date_text_id, stg_entries.start_text_id) = stg_texts.text_id
    where int_entries.problem is null
),

about_rows as (
    select * from int_row_issues
    union all
    select * from far_rows
    union all
    select * from told_by_readers
),

everything as (
    select
        about_rows.source_id as source_id,
        about_rows.line as line,
        int_rep_numbers.rep_id as rep_id,
        about_rows.local_date as local_date,
        about_rows.rule as rule,
        about_rows.treatment as treatment,
        coalesce(about_rows.value, stg_labels.label) as value,
        about_rows.column_name as column_name,
        about_rows.seconds as seconds
    from about_rows
    left join int_rep_numbers
        on about_rows.rep_number = int_rep_numbers.text_id
    left join stg_labels
        on about_rows.wording_id = stg_labels.wording_id
    union all
    select source_id, line, rep_id, local_date, rule, treatment, value, column_name, seconds from long_days
    union all
    select source_id, line, rep_id, local_date, rule, treatment, value, column_name, seconds from strangers
),

-- Files in the order of their names, so that the many rows are sorted by a number.
sources as (
    select
        source_id as source_id,
        file as file,
        sheet as sheet,
        line_span as line_span,
        row_number() over (order by file nulls last, sheet nulls last, source_id) as place
    from stg_sources
),

final as (
    select
        -- ids
        row_number() over (
            order by
                sources.place nulls last, everything.line nulls last, everything.rule,
                everything.rep_id nulls last, everything.local_date nulls last,
                everything.value nulls last, everything.column_name nulls last
        ) as issue_id,
        everything.source_id as source_id,
        everything.rep_id as rep_id,
        -- dimensions
        everything.rule as rule,
        coalesce(cfg_issue_rules.severity, 'warning') as severity,
        coalesce(cfg_issue_rules.title, everything.rule) as title,
        coalesce(cfg_issue_rules.mend, '') as mend,
        everything.treatment as treatment,
        sources.file as file,
        -- A sheet that was not read has no source of its own: what is said of it stands with the first that was.
        case
            when everything.rule in (
                'xlsx/hidden_sheet', 'xlsx/skipped_sheet', 'xlsx/sheet_without_header', 'xlsx/summary_sheet'
            )
                then everything.value
            else sources.sheet
        end as sheet,
        mod(everything.line, sources.line_span) as line,
        everything.column_name as column_name,
        everything.value as value,
        -- times
        everything.local_date as local_date,
        -- measures
        everything.seconds as seconds
    from everything
    left join sources
        on everything.source_id = sources.source_id
    left join cfg_issue_rules
        on everything.rule = cfg_issue_rules.rule
)

select * from final
