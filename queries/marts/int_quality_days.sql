-- Counted time of a rep on a day, source by source, with what log quality asks of it. longest_seconds is the time of
-- the longest entry; similar_seconds, that of labels read as meant; own_leave_seconds, that logged as leave or illness.
-- Grain: one row per rep, local day and source with counted time.
-- Expect: unique(rep_number, local_date, source_id), check(worked_seconds + non_work_seconds = counted_seconds)
-- Kept: as a table, by rep

with

similar_wordings as (
    select distinct
        wording_id,
        activity_code
    from int_wordings
    where matched_by = 'similar'
),

lists as (
    select distinct wording_id as wording_id
    from int_wordings
    where parts > 1
),

-- Entries in several pieces, or of several activities, are put together; all others are as long as their piece.
cut as (
    select distinct int_work.entry_id as entry_id
    from int_work
    left join lists
        on int_work.wording_id = lists.wording_id
    where not int_work.is_first_piece
        or lists.wording_id is not null
),

put_together as (
    select
        int_work.rep_number as rep_number,
        int_work.local_date as local_date,
        int_work.source_id as source_id,
        sum(int_work.seconds) as seconds
    from int_work
    inner join cut
        on int_work.entry_id = cut.entry_id
    group by
        int_work.rep_number,
        int_work.local_date,
        int_work.source_id,
        int_work.entry_id
),

longest as (
    select
        rep_number,
        local_date,
        source_id,
        max(seconds) as longest_seconds
    from put_together
    group by
        rep_number,
        local_date,
        source_id
),

days as (
    select
        int_work.rep_number as rep_number,
        int_work.local_date as local_date,
        int_work.source_id as source_id,
        count(*) filter (where int_work.is_first_piece) as entries,
        count(*) filter (where int_work.category = 'selling' and int_work.is_first_piece) as selling_entries,
        count(*) filter (where int_work.category = 'unclassified' and int_work.is_first_piece) as vague_entries,
        count(*) filter (where int_work.category = 'non_work' and int_work.is_first_piece) as non_work_entries,
        count(*) filter (where similar_wordings.wording_id is not null and int_work.is_first_piece) as similar_entries,
        max(int_work.seconds) as longest_piece_seconds,
        sum(int_work.seconds) as counted_seconds,
        sum(case when int_work.category = 'selling' then int_work.seconds else 0 end) as selling_seconds,
        sum(case when int_work.category = 'preparation' then int_work.seconds else 0 end) as preparation_seconds,
        sum(case when int_work.category = 'functional' then int_work.seconds else 0 end) as functional_seconds,
        sum(case when int_work.category = 'administrative' then int_work.seconds else 0 end) as administrative_seconds,
        sum(case when int_work.category = 'development' then int_work.seconds else 0 end) as development_seconds,
        sum(case when int_work.category = 'travel' then int_work.seconds else 0 end) as travel_seconds,
        sum(case when int_work.category = 'non_work' then int_work.seconds else 0 end) as non_work_seconds,
        sum(case when int_work.category = 'unclassified' then int_work.seconds else 0 end) as unclassified_seconds,
        sum(case when int_work.activity_code = 'N3' then int_work.seconds else 0 end) as own_leave_seconds,
        sum(case when similar_wordings.wording_id is not null then int_work.seconds else 0 end) as similar_seconds,
        sum(
            case
                when similar_wordings.wording_id is not null and int_work.category = 'selling' then int_work.seconds
                else 0
            end
        ) as similar_selling_seconds
    from int_work
    left join similar_wordings
        on int_work.wording_id = similar_wordings.wording_id
        and int_work.activity_code = similar_wordings.activity_code
    group by
        int_work.rep_number,
        int_work.local_date,
        int_work.source_id
),

final as (
    select
        -- ids
        days.rep_number as rep_number,
        days.source_id as source_id,
        -- times
        days.local_date as local_date,
        -- measures
        days.entries as entries,
        days.selling_entries as selling_entries,
        days.vague_entries as vague_entries,
        days.non_work_entries as non_work_entries,
        days.similar_entries as similar_entries,
        cast(days.counted_seconds as bigint) as counted_seconds,
        cast(days.counted_seconds - days.non_work_seconds as bigint) as worked_seconds,
        cast(days.selling_seconds as bigint) as selling_seconds,
        cast(days.preparation_seconds as bigint) as preparation_seconds,
        cast(days.functional_seconds as bigint) as functional_seconds,
        cast(days.administrative_seconds as bigint) as administrative_seconds,
        cast(days.development_seconds as bigint) as development_seconds,
        cast(days.travel_seconds as bigint) as travel_seconds,
        cast(days.non_work_seconds as bigint) as non_work_seconds,
        cast(days.unclassified_seconds as bigint) as unclassified_seconds,
        cast(days.own_leave_seconds as bigint) as own_leave_seconds,
        cast(days.similar_seconds as bigint) as similar_seconds,
        cast(days.similar_selling_seconds as bigint) as similar_selling_seconds,
        cast(greatest(days.longest_piece_seconds, coalesce(longest.longest_seconds, 0)) as bigint) as longest_seconds
    from days
    left join longest
        on days.rep_number = longest.rep_number
        and days.local_date = longest.local_date
        and days.source_id = longest.source_id
)

select * from final
