-- question: Which team was an account given to, from which day on?
-- grain: one row per assignment
-- params:
--   to_date date: last day, included
--   permille integer = 1000: thousandths of the debtors to draw; 1000 for all
--     range: 0 to 1000
-- columns: account_key, assigned_on, team, arm
--   team: team of the collector; unknown where it is not on file
--   arm: arm of a test that the assignment records; empty where it records none
select assignments.account_key, assignments.assigned_on, coalesce(collectors.team, 'unknown') as team, assignments.arm
from assignments
inner join accounts on assignments.account_key = accounts.account_key
left join collectors on assignments.collector_id = collectors.collector_id
where assignments.assigned_on <= $to_date and (cast(accounts.debtor_key as bigint) * 7919) % 1000 < $permille
