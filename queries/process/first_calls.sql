-- question: Which contact was the first call of each spell?
-- grain: one row per spell with a call
-- uses: process/touches
-- columns: account_key, spell_no, nth, contact_id, started_at, local_date, team, unsure
--   local_date: the debtor's local day; the UTC day where it is unknown
--   unsure text: why it cannot be said what came first in the spell, as in process/touches
with calls as (
    select account_key, spell_no, min(nth) as nth
    from touches
    where channel = 'call'
    group by account_key, spell_no
)

select
    touches.account_key, touches.spell_no, touches.nth, touches.contact_id, touches.started_at, touches.local_date,
    touches.team, touches.unsure
from touches
inner join calls
    on touches.account_key = calls.account_key and touches.spell_no = calls.spell_no and touches.nth = calls.nth
