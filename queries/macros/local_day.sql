-- macro: local_day(local_date, started_at)
-- meaning: the debtor's local day of a contact; the day in UTC where the debtor's time zone is not known
select coalesce(local_date, cast(started_at as date)) as local_day
