-- question: Which contacts were counted for each finding of a choice?
-- grain: one row per finding of the choice and contact that proves it
-- uses: evidence/findings_chosen
-- columns: finding_key, place, contact_id, local_date, local_time, started_at, zone_basis, channel, direction, outcome, role,
--   purpose, collector_id, team, agency_id, is_judged, is_in_scope
--   place integer: place among the contacts that prove it, from 1; the found one stands last where it was not counted
--   contact_id: the contact; empty where it is about an account outside the scope
--   local_time text: wall time in the debtor's zone
with proofs as (
    select
        chosen.finding_key, chosen.contact_id as judged_id,
        case
            when list_contains(findings.evidence, chosen.contact_id) then findings.evidence
            else list_append(findings.evidence, chosen.contact_id)
        end as proof
    from findings_chosen as chosen
    inner join findings on chosen.finding_key = findings.finding_key
),

placed as (
    select finding_key, judged_id, unnest(proof) as contact_id, generate_subscripts(proof, 1) as place
    from proofs
)

select
    placed.finding_key,
    cast(placed.place as bigint) as place,
    contacts.contact_id, contacts.local_date,
    cast(contacts.local_time as varchar) as local_time,
    contacts.started_at, contacts.zone_basis, contacts.channel, contacts.direction, contacts.outcome, contacts.role,
    contacts.purpose, contacts.collector_id, contacts.team, contacts.firm as agency_id,
    placed.contact_id = placed.judged_id as is_judged,
    contacts.contact_id is not null as is_in_scope
from placed
left join contacts on placed.contact_id = contacts.contact_id
order by placed.finding_key, placed.place
