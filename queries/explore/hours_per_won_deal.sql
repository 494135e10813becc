-- What does a won deal cost in hours, what a lost one, by lead source? Only time that names the opportunity.
select
    lead_source,
    outcome,
    count(*) as opportunities,
    round(avg(logged_seconds) / 3600, 1) as hours_each,
    round(sum(logged_seconds) / 3600, 1) as hours
from opportunities
where logged_seconds is not null
group by lead_source, outcome
order by lead_source, outcome
