"""The canonical tables: what a source file may hold and what a book holds, in one place.

A *source table* is what a lender hands over; a *book table* is what ingest makes of it. Both are
described by the same two records, `Table` and `Column`; `docs/data-dictionary.md` is generated from
this file and a test fails when it is stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a column's text must be, and what it becomes in the book."""

    ID = "id"  # text, never a number: leading zeros stay, 1.23E+17 is refused
    TEXT = "text"
    CODE = "code"  # one of `Column.codes`
    CODES = "codes"  # any of a set, separated by |
    DATE = "date"
    INSTANT = "instant"  # ISO 8601 with offset, or wall time in the debtor's zone; a UTC timestamp in the book
    MOMENT = "moment"  # a date or an instant; a bare date counts from local midnight
    MONEY = "money"  # DECIMAL(18,2), currency units
    RATE = "rate"  # DECIMAL(9,6), a share: 0.24 is 24 % a year
    INTEGER = "integer"
    BOOLEAN = "boolean"
    TIME = "time"  # local wall time (book only)
    KEY = "key"  # dense integer made at ingest (book only)
    IDS = "ids"  # a list of ids (book only)


SQL_TYPE: dict[Kind, str] = {
    Kind.ID: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.CODES: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.INSTANT: "TIMESTAMP",
    Kind.MOMENT: "TIMESTAMP",
    Kind.MONEY: "DECIMAL(18,2)",
    Kind.RATE: "DECIMAL(9,6)",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIME: "TIME",
    Kind.KEY: "INTEGER",
    Kind.IDS: "VARCHAR[]",
}


@dataclass(frozen=True)
class Column:
    """One column. `references` names `table.column` that must hold the value; `minimum` is inclusive."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    private: bool = False
    codes: tuple[str, ...] = ()
    references: str = ""
    minimum: Decimal | None = None
    unit: str = ""
    empty_means: str = ""
    """What an empty cell says. Such a column's unreadable value costs the row: to leave it empty would say that."""

    @property
    def sql_type(self) -> str:
        return SQL_TYPE[self.kind]


@dataclass(frozen=True)
class Table:
    """One table. `key` identifies a row; `grain` says in words what one row is."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


CHANNELS = ("call", "sms", "email", "app", "letter", "visit", "fax", "social")
PAYMENT_STATUSES = ("posted", "pending", "failed", "reversed")
STATUSES = ("active", "paid_off", "written_off", "legal", "restructured")
RISK_GRADES = ("low", "medium", "high")
PARTY_ROLES = (
    "debtor",
    "spouse",
    "guarantor",
    "emergency_contact",
    "family",
    "colleague",
    "employer",
    "attorney",
    "other",
    "unknown",
)
OUTCOMES = (
    "not_connected",
    "no_answer",
    "voicemail_left",
    "voicemail_no_message",
    "answered_dropped",
    "conversation",
    "third_party_answered",
    "wrong_number",
    "delivered",
    "undelivered",
    "unknown",
)
PURPOSES = ("reminder", "demand", "promise_reminder", "statutory_notice", "reply", "locate", "relay")
RESPONSES = ("promise", "dispute", "hardship", "refusal", "none")
FLAG_KINDS = (
    "cease_contact",
    "attorney",
    "dispute",
    "hardship",
    "deceased",
    "incapacitated",
    "unreachable",
    "contact_refused",
    "third_party_consent",
    "call_frequency_consent",
    "agreed_hours",
    "agreed_frequency",
    "promise_hold",
)
COVERAGE = ("judged", "cannot_place", "no_pack", "not_bound", "not_in_force")
"""Whether the law of a place was asked about a contact, the best answer first."""
ZERO = Decimal(0)


def _account(required: bool = True) -> Column:
    return Column("account_id", Kind.ID, "The account this row is about", required, references="accounts.account_id")


SOURCE_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "debtors",
            "One row per debtor",
            ("debtor_id",),
            (
                Column("debtor_id", Kind.ID, "The lender's number for the debtor", required=True),
                Column("name", Kind.TEXT, "Full name", private=True),
                Column("id_number", Kind.ID, "National identity number", private=True),
                Column("phone", Kind.ID, "Telephone number", private=True),
                Column("email", Kind.TEXT, "E-mail address", private=True),
                Column("address", Kind.TEXT, "Postal address", private=True),
                Column("time_zone", Kind.TEXT, "IANA time zone; several plausible ones separated by |"),
                Column("region", Kind.TEXT, "Region or province of the debtor"),
                Column("industry", Kind.TEXT, "Industry the debtor works in"),
                Column("preferred_channel", Kind.CODE, "Channel the debtor asked to be reached by", codes=CHANNELS),
            ),
        ),
        Table(
            "accounts",
            "One row per account (one debt)",
            ("account_id",),
            (
                Column("account_id", Kind.ID, "The lender's number for the account", required=True),
                Column("debtor_id", Kind.ID, "Who owes", required=True, references="debtors.debtor_id"),
                Column("contract_no", Kind.ID, "Contract number as printed on letters"),
                Column("product", Kind.TEXT, "Product name", required=True),
                Column("branch", Kind.TEXT, "Branch that booked the account"),
                Column("currency", Kind.TEXT, "ISO 4217 code", required=True),
                Column("opened_on", Kind.DATE, "Day the account was opened", required=True),
                Column(
                    "original_amount",
                    Kind.MONEY,
                    "Amount lent at opening",
                    required=True,
                    minimum=ZERO,
                    unit="currency units",
                ),
                Column("annual_rate", Kind.RATE, "Contract interest rate a year", unit="share"),
                Column("secured", Kind.BOOLEAN, "Whether collateral backs the account"),
                Column(
                    "collateral_value",
                    Kind.MONEY,
                    "Last valuation of the collateral",
                    minimum=ZERO,
                    unit="currency units",
                ),
                Column("collateral_valued_on", Kind.DATE, "Day of that valuation"),
                Column("creditor", Kind.TEXT, "Who owns the debt, where it is not the lender"),
                Column("debt_type", Kind.TEXT, "Kind of debt, where a rule depends on it (for example medical)"),
            ),
        ),
        Table(
            "snapshots",
            "One row per account and day on which its state was recorded (usually month-end)",
            ("account_id", "as_of"),
            (
                _account(),
                Column("as_of", Kind.DATE, "Day the state was recorded, at end of day", required=True),
                Column(
                    "days_past_due",
                    Kind.INTEGER,
                    "Days since the due date of the oldest instalment not fully paid; 0 if none",
                    required=True,
                    minimum=ZERO,
                    unit="days",
                ),
                Column(
                    "days_past_due_to",
                    Kind.INTEGER,
                    "Last day of the range where the source gives one (31-60 days): days_past_due is its first; 9999 "
                    "where it is open (120+)",
                    minimum=ZERO,
                    unit="days",
                    empty_means="days_past_due is exact",
                ),
                Column("balance", Kind.MONEY, "Outstanding balance", required=True, unit="currency units"),
                Column("principal", Kind.MONEY, "Principal part of the balance", unit="currency units"),
                Column("interest", Kind.MONEY, "Interest part of the balance", unit="currency units"),
                Column("penalty", Kind.MONEY, "Penalty part of the balance", unit="currency units"),
                Column("fees", Kind.MONEY, "Fee part of the balance", unit="currency units"),
                Column("overdue_amount", Kind.MONEY, "Amount past its due date", unit="currency units"),
                Column("minimum_due", Kind.MONEY, "Least amount that keeps the account current", unit="currency units"),
                Column("oldest_due_on", Kind.DATE, "Due date of the oldest instalment not fully paid"),
                Column("status", Kind.CODE, "State of the account", codes=STATUSES, empty_means="active"),
                Column("risk_grade", Kind.CODE, "The lender's own grade", codes=RISK_GRADES),
                Column("delay_cause", Kind.TEXT, "The lender's code for why the debtor is late"),
            ),
        ),
        Table(
            "instalments",
            "One row per amount due",
            ("account_id", "due_on", "seq"),
            (
                _account(),
                Column("due_on", Kind.DATE, "Due date", required=True),
                Column("amount", Kind.MONEY, "Amount due", required=True, minimum=ZERO, unit="currency units"),
                Column(
                    "seq",
                    Kind.INTEGER,
                    "Number of the instalment, from 1",
                    minimum=ZERO,
                    empty_means="known by its day and amount",
                ),
            ),
        ),
        Table(
            "payments",
            "One row per payment or reversal",
            ("payment_id",),
            (
                Column("payment_id", Kind.ID, "The lender's number for the payment", required=True),
                _account(),
                Column("paid_on", Kind.DATE, "Value date", required=True),
                Column("posted_at", Kind.INSTANT, "When it was booked"),
                Column("amount", Kind.MONEY, "Amount paid", required=True, unit="currency units"),
                Column(
                    "reverses_payment_id",
                    Kind.ID,
                    "The payment that this row takes back",
                    references="payments.payment_id",
                    empty_means="the row takes none back",
                ),
                Column("method", Kind.TEXT, "How it was paid"),
                Column(
                    "status",
                    Kind.CODE,
                    "What became of it; only posted is cash, the others are left out and counted",
                    codes=PAYMENT_STATUSES,
                    empty_means="posted",
                ),
            ),
        ),
        Table(
            "contacts",
            "One row per contact or attempt, in either direction",
            ("contact_id",),
            (
                Column("contact_id", Kind.ID, "The log's number for the contact", required=True),
                Column(
                    "account_id",
                    Kind.ID,
                    "The account it was about",
                    references="accounts.account_id",
                    empty_means="the only account of debtor_id, or of the debtor with the number contact_point",
                ),
                Column(
                    "debtor_id",
                    Kind.ID,
                    "Whose debt it was about",
                    references="debtors.debtor_id",
                    empty_means="the account's debtor",
                ),
                Column("person_id", Kind.ID, "Who was reached", empty_means="the debtor"),
                Column(
                    "started_at",
                    Kind.MOMENT,
                    "When it began or was sent; of a bare date only the day is known",
                    required=True,
                ),
                Column("ended_at", Kind.INSTANT, "When it ended; started_at and duration_seconds where empty"),
                Column("duration_seconds", Kind.INTEGER, "How long it lasted", minimum=ZERO, unit="seconds"),
                Column("recorded_at", Kind.INSTANT, "When it was entered in the log"),
                Column("channel", Kind.CODE, "By what means", required=True, codes=CHANNELS),
                Column("direction", Kind.CODE, "Outbound or inbound", required=True, codes=("out", "in")),
                Column("party_role", Kind.CODE, "Who was reached, in relation to the debtor", codes=PARTY_ROLES),
                Column("place", Kind.CODE, "Where", codes=("home", "work", "mobile", "other")),
                Column("contact_point", Kind.ID, "The number or address used", private=True),
                Column("style", Kind.CODE, "One-way notice or a talk", codes=("notify", "interactive")),
                Column("outcome", Kind.CODE, "What came of it", required=True, codes=OUTCOMES),
                Column("right_party", Kind.BOOLEAN, "Whether the debtor was the one reached"),
                Column("purpose", Kind.CODE, "What for", codes=PURPOSES),
                Column("response", Kind.CODE, "What the debtor said", codes=RESPONSES),
                Column("collector_id", Kind.ID, "Who made it"),
                Column("agency_id", Kind.ID, "Agency, where one was used"),
                Column("template_id", Kind.ID, "Template sent"),
                Column("thread_id", Kind.ID, "Conversation this message belongs to"),
                Column("caller_type", Kind.CODE, "Human or machine voice", codes=("human", "ai")),
            ),
        ),
        Table(
            "contact_debts",
            "One row per debt of a contact that was about several",
            ("contact_id", "account_id"),
            (
                Column("contact_id", Kind.ID, "The contact", required=True, references="contacts.contact_id"),
                _account(),
                Column("opened_by_collector", Kind.BOOLEAN, "Whether the collector raised this debt"),
                Column("discussed", Kind.BOOLEAN, "Whether it was talked about"),
            ),
        ),
        Table(
            "promises",
            "One row per promise to pay",
            ("promise_id",),
            (
                Column("promise_id", Kind.ID, "The log's number for the promise", required=True),
                _account(),
                Column("contact_id", Kind.ID, "The contact it was made in"),
                Column("made_at", Kind.MOMENT, "When it was made", required=True),
                Column("due_on", Kind.DATE, "Day by which it is to be paid", required=True),
                Column("amount", Kind.MONEY, "Amount promised", required=True, minimum=ZERO, unit="currency units"),
                Column("withdrawn_on", Kind.DATE, "Day it was taken back", empty_means="it was not"),
            ),
        ),
        Table(
            "flags",
            "One row per standing instruction or condition and its interval",
            ("flag_id",),
            (
                Column("flag_id", Kind.ID, "The lender's number for the flag", required=True),
                Column("debtor_id", Kind.ID, "Whom it concerns", required=True, references="debtors.debtor_id"),
                Column(
                    "account_id",
                    Kind.ID,
                    "The account this row is about",
                    references="accounts.account_id",
                    empty_means="all of the debtor's",
                ),
                Column("person_id", Kind.ID, "Which person", empty_means="the debtor"),
                Column("kind", Kind.CODE, "What it says", required=True, codes=FLAG_KINDS),
                Column("from", Kind.MOMENT, "Since when it holds", required=True),
                Column("to", Kind.MOMENT, "Until when; a bare date is included", empty_means="it still holds"),
                Column("known_from", Kind.MOMENT, "When the lender learned of it", empty_means="when it began"),
                Column("detail", Kind.TEXT, "Particulars (agreed hours, agreed number)"),
            ),
        ),
        Table(
            "disputes",
            "One row per dispute",
            ("dispute_id",),
            (
                Column("dispute_id", Kind.ID, "The lender's number for the dispute", required=True),
                _account(),
                Column("opened_at", Kind.MOMENT, "When it was raised", required=True),
                Column("reason", Kind.TEXT, "What is disputed"),
                Column("acknowledged_at", Kind.MOMENT, "When it was acknowledged", empty_means="it was not"),
                Column("resolved_at", Kind.MOMENT, "When it was answered", empty_means="it is open"),
                Column("upheld", Kind.BOOLEAN, "Whether the debtor was right"),
            ),
        ),
        Table(
            "assignments",
            "One row per account, collector and spell of responsibility",
            ("account_id", "collector_id", "assigned_on"),
            (
                _account(),
                Column("collector_id", Kind.ID, "Who works the account", required=True),
                Column("assigned_on", Kind.DATE, "First day", required=True),
                Column("ended_on", Kind.DATE, "Last day", empty_means="it still holds"),
                Column("arm", Kind.TEXT, "Arm of a test, where assignment was random"),
            ),
        ),
        Table(
            "collectors",
            "One row per collector",
            ("collector_id",),
            (
                Column("collector_id", Kind.ID, "The lender's number for the collector", required=True),
                Column("name", Kind.TEXT, "Full name", private=True),
                Column("team", Kind.TEXT, "Team"),
                Column("agency_id", Kind.ID, "Agency, where not the lender's own staff"),
                Column("joined_on", Kind.DATE, "First day at work"),
            ),
        ),
        Table(
            "templates",
            "One row per template and version",
            ("template_id", "version"),
            (
                Column("template_id", Kind.ID, "The template", required=True),
                Column("channel", Kind.CODE, "What it is sent by", required=True, codes=CHANNELS),
                Column("version", Kind.TEXT, "Version"),
                Column("elements", Kind.TEXT, "Content elements it carries, separated by |"),
            ),
        ),
        Table(
            "holidays",
            "One row per calendar and day",
            ("calendar", "date"),
            (
                Column("calendar", Kind.TEXT, "Calendar the day belongs to", required=True),
                Column("date", Kind.DATE, "The day", required=True),
                Column("name", Kind.TEXT, "What it is called"),
            ),
        ),
    )
}

_ACCOUNT_KEY = Column("account_key", Kind.KEY, "Dense number of the account; accounts.account_key", required=True)
_DEBTOR_KEY = Column("debtor_key", Kind.KEY, "Dense number of the debtor; debtors.debtor_key", required=True)


def _public(name: str, *drop: str) -> tuple[Column, ...]:
    """The source columns of a table that go to the book unchanged."""
    return tuple(c for c in SOURCE_TABLES[name].columns if not c.private and c.name not in drop)


BOOK_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "debtors",
            "One row per debtor, without personal data",
            ("debtor_key",),
            (
                _DEBTOR_KEY,
                *_public("debtors"),
                Column("region_code", Kind.TEXT, "ISO 3166-2 code of the region; empty where it is not understood"),
                *(
                    Column(f"has_{name}", Kind.BOOLEAN, f"Whether the source gave {name} (itself in the private file)")
                    for name in ("name", "id_number", "phone", "email", "address")
                ),
            ),
        ),
        Table("accounts", "One row per account", ("account_key",), (_ACCOUNT_KEY, _DEBTOR_KEY, *_public("accounts"))),
        Table(
            "snapshots",
            "One row per account and snapshot day, stored by (as_of, account_key)",
            ("account_key", "as_of"),
            (
                _ACCOUNT_KEY,
                *_public("snapshots", "account_id"),
                Column(
                    "state",
                    Kind.TEXT,
                    "The bucket (M0 to M7+), or paid_off / written_off where status says so",
                    required=True,
                ),
                Column(
                    "is_derived",
                    Kind.BOOLEAN,
                    "True where ingest derived the row from instalments and payments",
                    required=True,
                ),
            ),
        ),
        Table(
            "thirty_day_states",
            "One row per account and 30-day step back from the last snapshot day, from instalments and payments",
            ("account_key", "as_of"),
            (
                _ACCOUNT_KEY,
                Column("as_of", Kind.DATE, "The last snapshot day minus a multiple of 30 days", required=True),
                Column("days_past_due", Kind.INTEGER, "As in snapshots, recomputed", required=True, unit="days"),
                Column(
                    "balance", Kind.MONEY, "Instalments not yet paid, due or not", required=True, unit="currency units"
                ),
                Column("state", Kind.TEXT, "As in snapshots", required=True),
            ),
        ),
        Table(
            "spells",
            "One row per maximal run of days past due above 0 of an account, in which first touch and call are judged",
            ("account_key", "spell_no"),
            (
                _ACCOUNT_KEY,
                Column("spell_no", Kind.INTEGER, "1, 2 ... in order of time", required=True),
                Column("started_on", Kind.DATE, "First day past due", required=True),
                Column("ended_on", Kind.DATE, "Last day past due; empty while the account is overdue"),
                Column(
                    "basis",
                    Kind.TEXT,
                    "daily: from instalments and payments; snapshots: what lies between two snapshots is not known",
                    required=True,
                ),
            ),
        ),
        Table(
            "overdue_stretches",
            "One row per stretch of days of a spell with one oldest unpaid due date: the day less it is days past due",
            ("account_key", "from_on"),
            (
                _ACCOUNT_KEY,
                Column("spell_no", Kind.INTEGER, "spells.spell_no", required=True),
                Column("from_on", Kind.DATE, "First day", required=True),
                Column("to_on", Kind.DATE, "Last day; empty while the account is overdue"),
                Column("oldest_due_on", Kind.DATE, "Due date of the oldest instalment not fully paid", required=True),
            ),
        ),
        Table(
            "buckets",
            "One row per aging bucket, as set when the book was built",
            ("bucket",),
            (
                Column("bucket", Kind.TEXT, "M0, M1 ... M7+", required=True),
                Column("bucket_no", Kind.INTEGER, "0, 1 ... 7, in order of age", required=True),
                Column("from_days", Kind.INTEGER, "First day past due that belongs to it", required=True, unit="days"),
                Column("to_days", Kind.INTEGER, "Last day, included; open where empty", unit="days"),
            ),
        ),
        Table(
            "instalments",
            "One row per amount due",
            ("account_key", "due_on", "seq"),
            (_ACCOUNT_KEY, *_public("instalments", "account_id")),
        ),
        Table(
            "payments",
            "One row per payment or reversal",
            ("payment_id",),
            (
                _ACCOUNT_KEY,
                *_public("payments", "account_id"),
                Column(
                    "net_amount",
                    Kind.MONEY,
                    "The amount with the sign that counts: negative where the row reverses a payment",
                    required=True,
                    unit="currency units",
                ),
            ),
        ),
        Table(
            "contacts",
            "One row per contact, stored by (account_key, started_at, contact_id)",
            ("contact_key",),
            (
                Column("contact_key", Kind.KEY, "Dense number in stored order", required=True),
                _ACCOUNT_KEY,
                _DEBTOR_KEY,
                Column(
                    "person_key",
                    Kind.KEY,
                    "Dense number of the person reached; the debtor's own where the log names nobody",
                    required=True,
                ),
                *_public("contacts", "account_id", "debtor_id"),
                Column(
                    "time_known",
                    Kind.BOOLEAN,
                    "False where the source gave only the day, or 00:00:00 throughout: started_at is then local "
                    "midnight and says nothing of the hour",
                    required=True,
                ),
                Column(
                    "contact_point_key",
                    Kind.KEY,
                    "Dense number of the telephone number or address (itself in the private file)",
                ),
                Column("local_date", Kind.DATE, "Day in the debtor's zone"),
                Column("local_time", Kind.TIME, "Wall time in the debtor's zone"),
                Column("local_isodow", Kind.INTEGER, "Weekday in the debtor's zone, Monday 1 to Sunday 7"),
                Column(
                    "zone_basis",
                    Kind.CODE,
                    "Where the local time comes from: zone (instant and zone known), wall (wall time and zone "
                    "known), wall_only (wall time, zone unknown: started_at holds the wall time), missing "
                    "(instant known, zone unknown: local columns are empty)",
                    required=True,
                    codes=("zone", "wall", "wall_only", "missing"),
                ),
                Column(
                    "role",
                    Kind.CODE,
                    "party_role; debtor where the log names neither role nor another person; empty where unknown",
                    codes=PARTY_ROLES,
                ),
                Column("team", Kind.TEXT, "Team of the collector"),
                Column(
                    "firm",
                    Kind.ID,
                    "Agency that made it: its own, the collector's or the account's that day; empty: own staff",
                ),
                Column("creditor", Kind.TEXT, "accounts.creditor"),
                Column("currency", Kind.TEXT, "accounts.currency", required=True),
                Column("product", Kind.TEXT, "accounts.product", required=True),
                Column("debt_type", Kind.TEXT, "accounts.debt_type"),
                Column("region", Kind.TEXT, "debtors.region"),
                Column("region_code", Kind.TEXT, "debtors.region_code"),
                Column(
                    "countries",
                    Kind.TEXT,
                    "Countries of the debtor's plausible time zones, else of the region, as |US|CA|; empty if none",
                ),
                Column("zones", Kind.TEXT, "The debtor's plausible time zones, as |America/New_York|; empty if none"),
                Column(
                    "duplicate_of",
                    Kind.ID,
                    "The contact that tells of the same call, where two systems logged it; counted once",
                ),
            ),
        ),
        Table(
            "contact_zones",
            "One row per contact and further plausible time zone of the debtor (the first is in contacts)",
            ("contact_key", "time_zone"),
            (
                Column("contact_key", Kind.KEY, "contacts.contact_key", required=True),
                _ACCOUNT_KEY,
                Column("time_zone", Kind.TEXT, "IANA name", required=True),
                Column("local_date", Kind.DATE, "Day in that zone", required=True),
                Column("local_time", Kind.TIME, "Wall time in that zone", required=True),
                Column("local_isodow", Kind.INTEGER, "Weekday in that zone, Monday 1 to Sunday 7", required=True),
            ),
        ),
        Table(
            "contact_debts",
            "One row per debt of a contact that was about several",
            ("contact_key", "account_key"),
            (
                Column("contact_key", Kind.KEY, "contacts.contact_key", required=True),
                _ACCOUNT_KEY,
                *_public("contact_debts", "contact_id", "account_id"),
            ),
        ),
        Table(
            "promises",
            "One row per promise to pay",
            ("promise_id",),
            (
                _ACCOUNT_KEY,
                *_public("promises", "account_id"),
                Column("made_on", Kind.DATE, "Local date of made_at", required=True),
            ),
        ),
        Table(
            "flags",
            "One row per standing instruction and its interval",
            ("flag_id",),
            (
                _DEBTOR_KEY,
                Column("account_key", Kind.KEY, "The account, where the flag is about one"),
                *_public("flags", "debtor_id", "account_id", "from", "to"),
                Column("valid_from", Kind.MOMENT, "Since when it holds (UTC)", required=True),
                Column("valid_to", Kind.MOMENT, "First instant at which it no longer holds (UTC); open where empty"),
                Column("valid_from_on", Kind.DATE, "Local date of valid_from", required=True),
                Column("valid_to_on", Kind.DATE, "Last local date on which it holds; open where empty"),
            ),
        ),
        Table(
            "flag_terms",
            "One row per window of agreed hours, or agreed number, of a flag whose detail could be read",
            ("flag_id", "term_no"),
            (
                _DEBTOR_KEY,
                Column("flag_id", Kind.ID, "flags.flag_id", required=True),
                Column("term_no", Kind.INTEGER, "1, 2 ... as written", required=True),
                Column("opens", Kind.TIME, "First agreed time"),
                Column("closes", Kind.TIME, "End of the agreed time; on the next day where it is not after opens"),
                Column("max_count", Kind.INTEGER, "Agreed number of contacts", unit="contacts"),
                Column("per", Kind.CODE, "Period of the number; empty where not said", codes=("day", "week", "month")),
            ),
        ),
        Table(
            "disputes",
            "One row per dispute",
            ("dispute_id",),
            (
                _ACCOUNT_KEY,
                *_public("disputes", "account_id"),
                Column("opened_on", Kind.DATE, "Local date of opened_at", required=True),
            ),
        ),
        Table(
            "assignments",
            "One row per account, collector and spell",
            ("account_key", "collector_id", "assigned_on"),
            (_ACCOUNT_KEY, *_public("assignments", "account_id")),
        ),
        Table(
            "collectors",
            "One row per collector, without the name",
            ("collector_id",),
            (*_public("collectors"), Column("has_name", Kind.BOOLEAN, "Whether the source gave a name", required=True)),
        ),
        Table("templates", "One row per template and version", ("template_id", "version"), _public("templates")),
        Table(
            "holidays",
            "One row per calendar and day off, or working day at a weekend",
            ("calendar", "date"),
            (
                *_public("holidays"),
                Column(
                    "is_working_day",
                    Kind.BOOLEAN,
                    "True for a weekend day on which people work instead of another; a day off where not",
                ),
            ),
        ),
        Table(
            "rules_run",
            "One row per dated version of a rule that the contacts were judged by when the book was built",
            ("rule_id", "effective_from"),
            (
                Column("pack_id", Kind.TEXT, "Rule pack", required=True),
                Column("pack_version", Kind.TEXT, "Version of the pack's file", required=True),
                Column("pack_title_en", Kind.TEXT, "The instrument, in English", required=True),
                Column("pack_title_zh", Kind.TEXT, "The instrument, in Chinese", required=True),
                Column("jurisdiction", Kind.TEXT, "ISO 3166 country; empty for the lender's own policy", required=True),
                Column("strength", Kind.TEXT, "statute, regulation, guidance ...", required=True),
                Column("rule_id", Kind.TEXT, "The rule, with its pack in front", required=True),
                Column("kind", Kind.TEXT, "Kind of rule: count_cap, allowed_hours ...", required=True),
                Column("title_en", Kind.TEXT, "What it says, in English", required=True),
                Column("title_zh", Kind.TEXT, "What it says, in Chinese", required=True),
                Column("modality", Kind.TEXT, "must, presumption, should or advised", required=True),
                Column("cite", Kind.TEXT, "The clause", required=True),
                Column("source", Kind.TEXT, "Where it was read", required=True),
                Column("evidence_grade", Kind.TEXT, "primary, secondary or memory", required=True),
                Column("verified_on", Kind.DATE, "Day it was last compared with its source", required=True),
                Column("effective_from", Kind.DATE, "First day of this version", required=True),
                Column("effective_to", Kind.DATE, "Last day; open where empty"),
                Column("grace_until", Kind.DATE, "Last day of the grace period"),
                Column("rule_text", Kind.TEXT, "The rule as it stands in the pack (TOML)", required=True),
                Column("pack_sha256", Kind.TEXT, "Hash of the pack's file", required=True),
                Column("limit_count", Kind.INTEGER, "What a count_cap allows", unit="contacts"),
            ),
        ),
        Table(
            "findings",
            "One row per contact (and debt) that broke a rule or cannot be judged by it, judged over the whole log",
            ("finding_key",),
            (
                Column("finding_key", Kind.TEXT, "Stable over books: rule, contact and account", required=True),
                Column("pack_id", Kind.TEXT, "Rule pack", required=True),
                Column("pack_version", Kind.TEXT, "Version of the pack's file", required=True),
                Column("rule_id", Kind.TEXT, "The rule, with its pack in front", required=True),
                Column("kind", Kind.TEXT, "Kind of rule", required=True),
                Column("verdict", Kind.CODE, "breach or unknown", required=True, codes=("breach", "unknown")),
                Column("modality", Kind.TEXT, "must, presumption, should or advised", required=True),
                Column("in_grace", Kind.BOOLEAN, "Whether it fell into the rule's grace period", required=True),
                Column("contact_key", Kind.KEY, "contacts.contact_key", required=True),
                _ACCOUNT_KEY,
                _DEBTOR_KEY,
                Column("contact_id", Kind.ID, "The contact", required=True),
                Column("account_id", Kind.ID, "The debt it counts to", required=True),
                Column("debtor_id", Kind.ID, "The debtor", required=True),
                Column("person_id", Kind.ID, "Who was contacted", required=True),
                Column("collector_id", Kind.ID, "Who made it"),
                Column("team", Kind.TEXT, "Team of the collector"),
                Column("agency_id", Kind.ID, "Agency that made it, its own or the collector's; empty: own staff"),
                Column("channel", Kind.CODE, "As in contacts", required=True, codes=CHANNELS),
                Column("started_at", Kind.INSTANT, "When (UTC)", required=True),
                Column("local_date", Kind.DATE, "Day in the debtor's zone"),
                Column("local_time", Kind.TIME, "Wall time in the debtor's zone"),
                Column("counted", Kind.INTEGER, "Contacts counted at this one, itself included", unit="contacts"),
                Column("limit_count", Kind.INTEGER, "How many the rule allows", unit="contacts"),
                Column("evidence", Kind.IDS, "Ids of the contacts that prove it, in order", required=True),
                Column("reason", Kind.TEXT, "Code of the reason; the locales hold the words", required=True),
                Column("detail", Kind.TEXT, "Particulars: missing column, flag, allowed hours"),
                Column("cite", Kind.TEXT, "The clause", required=True),
            ),
        ),
        Table(
            "verdict_counts",
            "One row per rule, verdict, reason, day, branch, product, currency, team, channel and agency",
            (
                "rule_id",
                "verdict",
                "reason",
                "local_date",
                "branch",
                "product",
                "currency",
                "team",
                "channel",
                "agency_id",
            ),
            (
                Column("rule_id", Kind.TEXT, "The rule, with its pack in front", required=True),
                Column("verdict", Kind.TEXT, "breach, ok, exempt or unknown", required=True),
                Column("reason", Kind.TEXT, "Code of the reason; empty for ok"),
                Column("local_date", Kind.DATE, "Day in the debtor's zone"),
                Column("branch", Kind.TEXT, "accounts.branch"),
                Column("product", Kind.TEXT, "accounts.product", required=True),
                Column("currency", Kind.TEXT, "accounts.currency", required=True),
                Column("team", Kind.TEXT, "Team of the collector"),
                Column("channel", Kind.TEXT, "As in contacts", required=True),
                Column("agency_id", Kind.ID, "Agency that made it; empty: own staff"),
                Column("n_contacts", Kind.INTEGER, "Contacts judged", required=True, unit="contacts"),
            ),
        ),
        Table(
            "contact_coverage",
            "One row per contact and jurisdiction that may concern it: whether its law was asked, and if not, why",
            ("contact_key", "jurisdiction"),
            (
                Column("contact_key", Kind.KEY, "contacts.contact_key", required=True),
                _ACCOUNT_KEY,
                Column(
                    "jurisdiction", Kind.TEXT, "ISO 3166 country or region; a currency without country", required=True
                ),
                Column("coverage", Kind.CODE, "Whether the law was asked", required=True, codes=COVERAGE),
                Column("missing", Kind.TEXT, "What the contact lacks to be placed"),
            ),
        ),
        Table(
            "coverage_counts",
            "One row per jurisdiction (all: each contact once), coverage, missing column, day, branch, product, "
            "currency and team; outbound contacts",
            ("jurisdiction", "coverage", "missing", "counted_on", "branch", "product", "currency", "team"),
            (
                Column("jurisdiction", Kind.TEXT, "As in contact_coverage, or all", required=True),
                Column("coverage", Kind.CODE, "Whether the law was asked", required=True, codes=COVERAGE),
                Column("missing", Kind.TEXT, "What the contacts lack to be placed"),
                Column("counted_on", Kind.DATE, "Local day; the UTC day where the zone is not known", required=True),
                Column("branch", Kind.TEXT, "accounts.branch"),
                Column("product", Kind.TEXT, "accounts.product", required=True),
                Column("currency", Kind.TEXT, "accounts.currency", required=True),
                Column("team", Kind.TEXT, "Team of the collector"),
                Column("n_contacts", Kind.INTEGER, "Outbound contacts", required=True, unit="contacts"),
            ),
        ),
        Table(
            "process_rules",
            "One row per dated version of a rule of the process that the book was judged by",
            ("rule_id", "effective_from"),
            (
                Column("rule_id", Kind.TEXT, "The rule, with its pack in front", required=True),
                Column("basis", Kind.TEXT, "The query of queries/process/ that judges it, or contact", required=True),
                Column("title_en", Kind.TEXT, "What a breach of it is, in English", required=True),
                Column("title_zh", Kind.TEXT, "What a breach of it is, in Chinese", required=True),
                Column("modality", Kind.TEXT, "must, should or advised", required=True),
                Column("requirements", Kind.TEXT, "Requirements of the template, separated by |", required=True),
                Column("cite", Kind.TEXT, "The sentence of the template", required=True),
                Column("effective_from", Kind.DATE, "First day of this version", required=True),
                Column("effective_to", Kind.DATE, "Last day; open where empty"),
                Column("set_to", Kind.TEXT, "Its settings, as wait_hours = 24", required=True),
                Column("file_sha256", Kind.TEXT, "Hash of rules/process.toml", required=True),
            ),
        ),
        Table(
            "process_findings",
            "One row per contact, promise, dispute, spell or account that broke a process rule or cannot be judged",
            ("rule_id", "item_id", "happened_on"),
            (
                Column("rule_id", Kind.TEXT, "The rule, with its pack in front", required=True),
                Column("item_kind", Kind.TEXT, "contact, promise, dispute, spell or account", required=True),
                Column("item_id", Kind.ID, "The number of the thing judged; a spell has its account's", required=True),
                _ACCOUNT_KEY,
                Column("account_id", Kind.ID, "The account", required=True),
                Column("team", Kind.TEXT, "Team of the collector"),
                Column("stage", Kind.TEXT, "current, M1, M2-M3 or later, by days past due; written_off", required=True),
                Column("happened_on", Kind.DATE, "The day that a period is judged by", required=True),
                Column(
                    "verdict", Kind.CODE, "breach or not_assessable", required=True, codes=("breach", "not_assessable")
                ),
                Column("missing", Kind.TEXT, "What is missing, where it cannot be judged"),
                Column("detail", Kind.TEXT, "The figures it rests on"),
            ),
        ),
        Table(
            "process_counts",
            "One row per rule of the process, verdict, missing column, day, branch, product, currency, team and stage",
            ("rule_id", "verdict", "missing", "happened_on", "branch", "product", "currency", "team", "stage"),
            (
                Column("rule_id", Kind.TEXT, "The rule, with its pack in front", required=True),
                Column("verdict", Kind.TEXT, "kept, breach or not_assessable", required=True),
                Column("missing", Kind.TEXT, "What is missing, where it cannot be judged"),
                Column("happened_on", Kind.DATE, "The day that a period is judged by", required=True),
                Column("branch", Kind.TEXT, "accounts.branch"),
                Column("product", Kind.TEXT, "accounts.product", required=True),
                Column("currency", Kind.TEXT, "accounts.currency", required=True),
                Column("team", Kind.TEXT, "Team of the collector"),
                Column("stage", Kind.TEXT, "current, M1, M2-M3 or later, by days past due; written_off", required=True),
                Column("n_items", Kind.INTEGER, "Things judged", required=True),
            ),
        ),
        Table(
            "outbound_contacts",
            "One row per outbound contact, stored by (contacted_on, account_key); made from contacts and snapshots",
            ("contact_key",),
            (
                Column("contact_key", Kind.KEY, "contacts.contact_key", required=True),
                _ACCOUNT_KEY,
                _DEBTOR_KEY,
                Column("contact_id", Kind.ID, "As in contacts", required=True),
                Column("contacted_on", Kind.DATE, "Local day; the UTC day where the zone is not known", required=True),
                Column("channel", Kind.TEXT, "As in contacts", required=True),
                Column("collector_id", Kind.ID, "As in contacts"),
                Column("outcome", Kind.TEXT, "As in contacts"),
                Column("state", Kind.TEXT, "State of its last snapshot by that day, or unknown", required=True),
                Column("is_connected", Kind.BOOLEAN, "Somebody answered, or the message was delivered"),
                Column("is_right_party", Kind.BOOLEAN, "The debtor was reached; empty where a talk does not say"),
                Column("isodow", Kind.INTEGER, "Weekday in the debtor's zone, Monday 1 to Sunday 7"),
                Column("hour", Kind.INTEGER, "Hour of the debtor's day, 0 to 23"),
            ),
        ),
        Table(
            "overdue_runs",
            "One row per run of overdue days before or after a write-off; made from overdue_stretches and snapshots",
            ("account_key", "from_on"),
            (
                _ACCOUNT_KEY,
                Column("spell_no", Kind.INTEGER, "spells.spell_no", required=True),
                Column("from_on", Kind.DATE, "First day", required=True),
                Column("to_on", Kind.DATE, "Last day; empty while the account is overdue"),
                Column("counted_from", Kind.DATE, "The day before day 1 past due", required=True),
                Column("is_written_off", Kind.BOOLEAN, "Its last snapshot says written off", required=True),
            ),
        ),
        Table(
            "promise_settled",
            "One row per account whose payments go to its promises in one way, whatever the day of judgement",
            ("account_key",),
            (
                _ACCOUNT_KEY,
                Column("grace_days", Kind.INTEGER, "Grace it is worked out with", required=True, unit="days"),
            ),
        ),
        Table(
            "promise_payments",
            "One row per promise and payment of an account in promise_settled, where money was allocated",
            ("promise_id", "payment_id"),
            (
                _ACCOUNT_KEY,
                Column("promise_id", Kind.ID, "As in promises", required=True),
                Column("payment_id", Kind.ID, "As in payments", required=True),
                Column("paid_on", Kind.DATE, "Day of the payment", required=True),
                Column("amount", Kind.MONEY, "What of the payment went to the promise", required=True),
            ),
        ),
        Table(
            "loads",
            "One row per source file read",
            ("table_name", "file"),
            (
                Column("table_name", Kind.TEXT, "Table the file is for", required=True),
                Column("file", Kind.TEXT, "File name inside the source folder", required=True),
                Column("sha256", Kind.TEXT, "Hash of the file's bytes", required=True),
                Column("n_bytes", Kind.INTEGER, "Size", required=True, unit="bytes"),
                Column(
                    "encoding",
                    Kind.TEXT,
                    "How the text was read (utf-8, gb18030), or the form (parquet, xlsx)",
                    required=True,
                ),
                Column("delimiter", Kind.TEXT, "comma, tab, semicolon or bar, for text files"),
                Column(
                    "rows_read",
                    Kind.INTEGER,
                    "Rows of the table in the file: accepted, rejected and left out",
                    required=True,
                ),
                Column("rows_accepted", Kind.INTEGER, "Rows that are in the book", required=True),
                Column("rows_rejected", Kind.INTEGER, "Rows that are not, each in rejects", required=True),
                Column(
                    "rows_left_out",
                    Kind.INTEGER,
                    "Rows that the mapping leaves out, repeats that it folds, payments that are no cash",
                    required=True,
                ),
                Column(
                    "rows_repeated", Kind.INTEGER, "Of the rejected: exact repeats of an accepted row", required=True
                ),
            ),
        ),
        Table(
            "rejects",
            "One row per rejected source row; personal values are masked here and whole in the private file",
            ("table_name", "file", "line"),
            (
                Column("table_name", Kind.TEXT, "Table the row was for", required=True),
                Column("file", Kind.TEXT, "File name inside the source folder", required=True),
                Column("line", Kind.INTEGER, "Line in the file (header is line 1), or row in Parquet", required=True),
                Column("column_name", Kind.TEXT, "First column found wanting; empty where the whole row is"),
                Column("value", Kind.TEXT, "What stood there, as text"),
                Column("reason", Kind.TEXT, "Code of the reason; the locales hold the sentence", required=True),
                Column("row_text", Kind.TEXT, "The whole row, as text", required=True),
            ),
        ),
        Table(
            "unread_values",
            "One row per value that could not be read in a row that is in the book without it",
            ("table_name", "file", "line", "column_name"),
            (
                Column("table_name", Kind.TEXT, "Table of the row", required=True),
                Column("file", Kind.TEXT, "File name inside the source folder", required=True),
                Column("line", Kind.INTEGER, "As in rejects", required=True),
                Column("column_name", Kind.TEXT, "The column that is empty, or unknown, in its place", required=True),
                Column("value", Kind.TEXT, "What stood there, as text; masked where it may be personal"),
                Column("reason", Kind.TEXT, "As in rejects", required=True),
            ),
        ),
        Table(
            "assumptions",
            "One row per kind of cell of a column that was read otherwise than it is written",
            ("table_name", "file", "column_name", "kind", "detail"),
            (
                Column("table_name", Kind.TEXT, "Table of the column", required=True),
                Column("file", Kind.TEXT, "File name inside the source folder", required=True),
                Column("column_name", Kind.TEXT, "The column", required=True),
                Column("kind", Kind.TEXT, "Code of what was assumed; the locales hold the sentence", required=True),
                Column("n_rows", Kind.INTEGER, "How many rows", required=True),
                Column("example", Kind.TEXT, "As written in the first of them; masked where it may be personal"),
                Column("detail", Kind.TEXT, "What it was read as, where that differs within a kind"),
            ),
        ),
        Table(
            "attribute_changes",
            "One row per value of a debtor, account or collector that a later delivery changed",
            ("table_name", "id", "column_name", "file"),
            (
                Column("table_name", Kind.TEXT, "debtors, accounts or collectors", required=True),
                Column("id", Kind.ID, "Number of the debtor, account or collector", required=True),
                Column("column_name", Kind.TEXT, "The column", required=True),
                Column("old_value", Kind.TEXT, "Value before; empty where it was, or where it is personal"),
                Column("new_value", Kind.TEXT, "Value from that delivery on; empty likewise"),
                Column("file", Kind.TEXT, "The delivery in which it changed", required=True),
            ),
        ),
        Table(
            "column_presence",
            "One row per column of the source contract",
            ("table_name", "column_name"),
            (
                Column("table_name", Kind.TEXT, "Table", required=True),
                Column("column_name", Kind.TEXT, "Column", required=True),
                Column("is_required", Kind.BOOLEAN, "Whether the contract demands it", required=True),
                Column("is_provided", Kind.BOOLEAN, "Whether any source file has it", required=True),
                Column("n_rows", Kind.INTEGER, "Accepted rows of the table", required=True),
                Column("n_filled", Kind.INTEGER, "Of these, rows in which it is not empty", required=True),
            ),
        ),
        Table(
            "book_facts",
            "One row per fact about how the book was built",
            ("fact",),
            (
                Column("fact", Kind.TEXT, "Name of the fact", required=True),
                Column("value", Kind.TEXT, "Its value", required=True),
            ),
        ),
    )
}

PRIVATE_TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "debtors",
            "One row per debtor: the personal data",
            ("debtor_key",),
            (_DEBTOR_KEY, *(c for c in SOURCE_TABLES["debtors"].columns if c.private or c.name == "debtor_id")),
        ),
        Table(
            "collectors",
            "One row per collector: the name",
            ("collector_id",),
            tuple(c for c in SOURCE_TABLES["collectors"].columns if c.private or c.name == "collector_id"),
        ),
        Table(
            "contact_points",
            "One row per telephone number or address used",
            ("contact_point_key",),
            (
                Column("contact_point_key", Kind.KEY, "As in contacts", required=True),
                Column("contact_point", Kind.ID, "The number or address", required=True),
            ),
        ),
        Table(
            "rejects",
            "One row per rejected source row, whole",
            ("table_name", "file", "line"),
            BOOK_TABLES["rejects"].columns,
        ),
    )
}
