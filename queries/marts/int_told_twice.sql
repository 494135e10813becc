-- Entries that tell the same time as an entry of the same rep in a better instrument, each with the one that counts for
-- it: at least half of it lies in the better one too, or they begin within 20 minutes of each other at the same account.
-- Where both name an account and not the same, it is not the same time. An entry that does not count knocks out none.
-- A long entry of which a better instrument knows only a small part still counts: their shared time is an overlap.
-- Grain: one row per entry that does not count.
-- Expect: unique(entry_id), not_null(rep_number, counted_entry_id), check(entry_id <> counted_entry_id),
-- check(counted_rank < instrument_rank), check(instrument_rank <= 6), check(overlap_seconds >= 0)
-- Kept: as a table, by rep

with

ranked_sources as (
    select
        stg_sources.source_id as source_id,
        cfg_instruments.rank as instrument_rank
    from stg_sources
    inner join cfg_instruments
        on stg_sources.instrument = cfg_instruments.instrument
    where stg_sources.target = 'entries'
),

spread as (
    select
        min(instrument_rank) as best_rank,
        max(instrument_rank) as worst_rank
    from ranked_sources
),

-- With one instrument nothing is told twice: no source is left, and no entry is read.
sources as (
    select
        ranked_sources.source_id as source_id,
        ranked_sources.instrument_rank as instrument_rank
    from ranked_sources
    cross join spread
    where spread.best_rank < spread.worst_rank
),

exact_duplicates as (
    select distinct entry_id as entry_id
    from int_exact_duplicates
),

-- Windows of two hours that an entry and the 20 minutes after it lie in: two that overlap or begin in 20 minutes of each
-- other share one. No entry is longer than a day, so that the hours of the day number its windows.
timed as (
    select
        int_entries.entry_id as entry_id,
        int_entries.rep_number as rep_number,
        int_entries.account_text_id as account_text_id,
        sources.instrument_rank as instrument_rank,
        int_entries.start_second as start_second,
        int_entries.start_second + int_entries.seconds as end_second,
        int_entries.seconds as seconds,
        cast(floor(cast(int_entries.start_second as double) / 7200) as bigint) as first_window,
        cast(floor(cast(int_entries.start_second + int_entries.seconds + 1200 as double) / 7200) as bigint) as last_window
    from int_entries
    inner join sources
        on int_entries.source_id = sources.source_id
    left join exact_duplicates
        on int_entries.entry_id = exact_duplicates.entry_id
    where int_entries.problem is null
        and int_entries.start_second is not null
        and exact_duplicates.entry_id is null
),

windows as (
    select
        timed.entry_id as entry_id,
        timed.rep_number as rep_number,
        timed.instrument_rank as instrument_rank,
        timed.first_window + cfg_hours.hour as window_number
    from timed
    inner join cfg_hours
        on timed.last_window - timed.first_window >= cfg_hours.hour
),

-- Only where a rep has entries of several instruments is anything compared.
mixed_windows as (
    select
        rep_number as rep_number,
        window_number as window_number
    from windows
    group by
        rep_number,
        window_number
    having min(instrument_rank) < max(instrument_rank)
),

candidates as (
    select
        timed.entry_id as entry_id,
        timed.rep_number as rep_number,
        timed.instrument_rank as instrument_rank,
        stg_accounts.account as account,
        stg_accounts.is_id as is_account_id,
        timed.start_second as start_second,
        timed.end_second as end_second,
        timed.seconds as seconds,
        timed.first_window as first_window,
        windows.window_number as window_number
    from windows
    inner join mixed_windows
        on windows.rep_number = mixed_windows.rep_number
        and windows.window_number = mixed_windows.window_number
    inner join timed
        on windows.entry_id = timed.entry_id
    left join stg_accounts
        on timed.account_text_id = stg_accounts.text_id
),

-- Two entries meet in the first window that both lie in, and so once.
meetings as (
    select
        lesser.entry_id as entry_id,
        better.entry_id as better_entry_id,
        lesser.rep_number as rep_number,
        lesser.instrument_rank as instrument_rank,
        better.instrument_rank as better_rank,
        -- A name and an id of a CRM cannot be told apart or together: as if one of them were not known.
        case when lesser.is_account_id = better.is_account_id then lesser.account = better.account end as is_same_account,
        lesser.seconds as seconds,
        greatest(
            least(lesser.end_second, better.end_second) - greatest(lesser.start_second, better.start_second), 0
        ) as overlap_seconds,
        abs(lesser.start_second - better.start_second) as apart_seconds
    from candidates as lesser
    inner join candidates as better
        on lesser.rep_number = better.rep_number
        and lesser.window_number = better.window_number
        and lesser.instrument_rank > better.instrument_rank
    where lesser.window_number = greatest(lesser.first_window, better.first_window)
),

same_times as (
    select * from meetings
    where coalesce(is_same_account, true)
        and (
            overlap_seconds * 2 >= seconds
            or (is_same_account and apart_seconds <= 1200)
        )
),

-- From the second-best instrument to the last: what a better one has knocked out knocks out nothing.
lost_second as (
    select distinct entry_id as entry_id
    from same_times
    where instrument_rank = 2
),

lost_third as (
    select entry_id as entry_id from lost_second
    union
    select same_times.entry_id as entry_id
    from same_times
    left join lost_second
        on same_times.better_entry_id = lost_second.entry_id
    where same_times.instrument_rank = 3
        and lost_second.entry_id is null
),

lost_fourth as (
    select entry_id as entry_id from lost_third
    union
    select same_times.entry_id as entry_id
    from same_times
    left join lost_third
        on same_times.better_entry_id = lost_third.entry_id
    where same_times.instrument_rank = 4
        and lost_third.entry_id is null
),

lost_fifth as (
    select entry_id as entry_id from lost_fourth
    union
    select same_times.entry_id as entry_id
    from same_times
    left join lost_fourth
        on same_times.better_entry_id = lost_fourth.entry_id
    where same_times.instrument_rank = 5
        and lost_fourth.entry_id is null
),

-- All of these count, but for those of the last instrument, which nothing comes after.
choices as (
    select
        same_times.*,
        row_number() over (
            partition by same_times.entry_id
            order by same_times.better_rank, same_times.overlap_seconds desc, same_times.better_entry_id
        ) as choice
    from same_times
    left join lost_fifth
        on same_times.better_entry_id = lost_fifth.entry_id
    where lost_fifth.entry_id is null
),

final as (
    select
        -- ids
        entry_id as entry_id,
        better_entry_id as counted_entry_id,
        rep_number as rep_number,
        -- dimensions
        instrument_rank as instrument_rank,
        better_rank as counted_rank,
        -- measures
        overlap_seconds as overlap_seconds,
        apart_seconds as apart_seconds
    from choices
    where choice = 1
)

select * from final
