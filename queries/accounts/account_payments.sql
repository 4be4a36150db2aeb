-- question: What was paid on one account, and what was taken back?
-- grain: one row per payment or reversal
-- params:
--   account_id text: the lender's number
--     open: the lender's own numbers; one that nothing has gives no rows
--   as_of date: the last day
-- columns: happened_on, event, subject, outcome, amount, detail, item_id
--   happened_on: value date
--   event: payment
--   subject: how it was paid
--   outcome: paid or reversal
--   amount: with the sign that counts: below 0 where the row takes a payment back
--   detail: the payment that a reversal takes back
--   item_id: the lender's number for the payment
select
    payments.paid_on as happened_on,
    'payment' as event,
    payments.method as subject,
    case when payments.net_amount < 0 then 'reversal' else 'paid' end as outcome,
    payments.net_amount as amount, payments.reverses_payment_id as detail, payments.payment_id as item_id
from payments
inner join accounts on payments.account_key = accounts.account_key
where accounts.account_id = $account_id and payments.paid_on <= $as_of
order by happened_on, item_id
