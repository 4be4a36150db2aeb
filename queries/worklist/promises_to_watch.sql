-- question: Which promises fall due today or tomorrow, and which have just been broken?
-- grain: one row per promise to act on, of an account that is on the book
-- uses: promises/promise_ledger, portfolio/accounts_on_day
-- params:
--   within_days integer = 2: due at the latest so many days after as_of; 1 is the day after as_of, on which the list is worked
--     range: 0 to 3660
--   broken_days integer = 1: broken at as_of but not yet so many days before
--     range: 0 to 366
-- columns: currency, todo, account_id, product, branch, item_id, days_past_due, balance, due_on, last_day, state, promised,
--   allocated, is_reminded
--   todo: promise_due, promise_unreminded or promise_broken
--   item_id: the log's number for the promise
--   days_past_due: of the account on the day
--   state: pending, partial or broken
--   is_reminded: whether a promise_reminder went out on a day after it was made; empty where the log has no purpose
with reminders as (
    select accounts.account_id, macros.local_day(contacts.local_date, contacts.started_at) as reminded_on
    from contacts
    inner join accounts on contacts.account_key = accounts.account_key
    where contacts.direction = 'out' and contacts.purpose = 'promise_reminder'
),

has_purposes as (
    select coalesce(bool_or(is_provided), true) as is_provided
    from column_presence
    where table_name = 'contacts' and column_name = 'purpose'
),

wanted as (
    select *
    from promise_ledger
    where
        (state = 'pending' and date_diff('day', cast($as_of as date), due_on) <= $within_days)
        or (
            state in ('partial', 'broken')
            and date_diff('day', last_day, cast($as_of as date)) between 1 and $broken_days
        )
),

told as (
    select wanted.promise_id, case when has_purposes.is_provided then count(reminders.account_id) > 0 end as is_reminded
    from wanted
    cross join has_purposes
    left join reminders
        on
            wanted.account_id = reminders.account_id
            and reminders.reminded_on between wanted.made_on + 1 and least(wanted.due_on, $as_of)
    group by wanted.promise_id, has_purposes.is_provided
)

select
    wanted.currency,
    case
        when wanted.state <> 'pending' then 'promise_broken'
        when told.is_reminded then 'promise_due'
        when not told.is_reminded then 'promise_unreminded'
        else 'promise_due'
    end as todo,
    wanted.account_id, wanted.product, wanted.branch, wanted.promise_id as item_id, accounts_on_day.days_past_due,
    accounts_on_day.balance, wanted.due_on, wanted.last_day, wanted.state, wanted.promised, wanted.allocated,
    told.is_reminded
from wanted
inner join told on wanted.promise_id = told.promise_id
inner join accounts_on_day on wanted.account_id = accounts_on_day.account_id
order by todo, wanted.due_on, wanted.promised desc, wanted.promise_id
