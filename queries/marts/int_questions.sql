-- What to ask whom while logging still runs, one by one: days without enough, days that say little, labels nobody can
-- sort, rows that could not be counted. For the consultant alone. seconds is the time at stake, null where no length
-- can be read.
-- Grain: one row per rep, kind and thing asked about.
-- Expect: not_null(kind, rep_id)

with

limits as (
    select max(case when name = 'long_day_seconds' then value end) as long_day_seconds
    from cfg_quality_limits
),

-- Whose rows were all set aside has sent something all the same.
loggers as (
    select rep_id as rep_id
    from coverage_days
    where logged_seconds > 0
    union
    select int_rep_numbers.rep_id as rep_id
    from int_row_issues
    inner join int_rep_numbers
        on int_row_issues.rep_number = int_rep_numbers.text_id
),

labels as (
    select
        int_rep_numbers.rep_id as rep_id,
        stg_labels.label as label,
        cast(sum(int_unknown_labels.seconds) as bigint) as seconds
    from int_unknown_labels
    inner join int_rep_numbers
        on int_unknown_labels.rep_number = int_rep_numbers.text_id
    left join stg_labels
        on int_unknown_labels.wording_id = stg_labels.wording_id
    group by
        int_rep_numbers.rep_id,
        stg_labels.label
),

refused as (
    select
        int_rep_numbers.rep_id as rep_id,
        int_row_issues.local_date as local_date,
        concat(
            stg_sources.file, case when stg_sources.sheet is null then '' else concat(' ', stg_sources.sheet) end,
            ' line ', cast(mod(int_row_issues.line, stg_sources.line_span) as string), ': ', cfg_issue_rules.title
        ) as detail,
        int_row_issues.seconds as seconds,
        row_number() over (
            partition by int_rep_numbers.rep_id
            order by int_row_issues.seconds desc nulls last, int_row_issues.source_id, int_row_issues.line
        ) as place
    from int_row_issues
    inner join cfg_issue_rules
        on int_row_issues.rule = cfg_issue_rules.rule
        and cfg_issue_rules.severity = 'error'
    inner join int_rep_numbers
        on int_row_issues.rep_number = int_rep_numbers.text_id
    inner join stg_sources
        on int_row_issues.source_id = stg_sources.source_id
    where int_row_issues.treatment = 'set_aside'
        and not exists (
            select 1
            from leave_proposals
            where leave_proposals.rep_id = int_rep_numbers.rep_id
                and leave_proposals.first_date <= int_row_issues.local_date
                and leave_proposals.last_date >= int_row_issues.local_date
                and int_row_issues.rule = 'entry/no_time'
        )
),

ranked_labels as (
    select
        labels.*,
        row_number() over (partition by rep_id order by seconds desc, label nulls last) as place
    from labels
),

-- Days that look like leave are not asked about: check proposes the lines for leave.csv.
away as (
    select distinct
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date
    from coverage_days
    inner join leave_proposals
        on coverage_days.rep_id = leave_proposals.rep_id
        and coverage_days.local_date >= leave_proposals.first_date
        and coverage_days.local_date <= leave_proposals.last_date
    where coverage_days.status in ('missing', 'part')
),

final as (
    select
        case when loggers.rep_id is null then 'silent' else coverage_days.status end as kind,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        cast(null as string) as detail,
        greatest(coverage_days.expected_seconds - coverage_days.counted_seconds, 0) as seconds
    from coverage_days
    left join loggers
        on coverage_days.rep_id = loggers.rep_id
    left join away
        on coverage_days.rep_id = away.rep_id
        and coverage_days.local_date = away.local_date
    where coverage_days.status in ('missing', 'part')
        and away.rep_id is null
    union all
    select
        'leave' as kind,
        rep_id as rep_id,
        local_date as local_date,
        cast(null as string) as detail,
        cast(null as bigint) as seconds
    from away
    union all
    select
        case when coverage_days.status = 'thin' then 'thin' else 'long' end as kind,
        coverage_days.rep_id as rep_id,
        coverage_days.local_date as local_date,
        cast(null as string) as detail,
        coverage_days.counted_seconds as seconds
    from coverage_days
    cross join limits
    where coverage_days.status = 'thin'
        or coverage_days.counted_seconds > limits.long_day_seconds
    union all
    select
        'vague' as kind,
        rep_id as rep_id,
        cast(null as date) as local_date,
        coalesce(label, '(no label)') as detail,
        seconds as seconds
    from ranked_labels
    where place <= 5
    union all
    select
        'refused' as kind,
        rep_id as rep_id,
        local_date as local_date,
        detail as detail,
        seconds as seconds
    from refused
    where place <= 20
    union all
    select
        'late' as kind,
        rep_id as rep_id,
        local_date as local_date,
        cast(null as string) as detail,
        cast(sum(seconds) as bigint) as seconds
    from quality_flags
    where rule = 'entry/late'
    group by
        rep_id,
        local_date
)

select * from final
