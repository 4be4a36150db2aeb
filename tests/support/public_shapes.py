"""Sixteen shapes of files as lenders, agencies and public data sets have them, with invented rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import xlsxwriter

from duewatch.contract.settings import PROJECT_ROOT
from duewatch.sources.presets import preset_mapping

MAPPINGS = PROJECT_ROOT / "tests" / "cases" / "public_shapes"
Row = Sequence[object]
FIRST = date(2025, 1, 1)


@dataclass(frozen=True)
class Shape:
    """A kind of file: how many rows of it are written says `write(folder, rows)`."""

    number: int
    name: str
    what: str
    """The files, in a few words."""
    declared: str
    """What the mapping says of them, beside names and codes."""
    write: Callable[[Path, int], None]
    preset: str = ""
    """The preset that reads it; else a mapping file of the number and name."""

    @property
    def mapping(self) -> Path | None:
        path = preset_mapping(self.preset) if self.preset else MAPPINGS / f"{self.number:02d}-{self.name}.toml"
        return path if path.exists() else None


def text_of(rows: Iterable[Row], mark: str = ",", end: str = "\n") -> str:
    out = StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end).writerows(rows)
    return out.getvalue()


def _names(text: str) -> list[str]:
    return text.split()


def day(number: int) -> date:
    """A day of the year 2025, by its number."""
    return FIRST + timedelta(days=number % 365)


def _us(value: date) -> str:
    return f"{value.month}/{value.day}/{value.year}"


def _dmy(value: date, mark: str = "/") -> str:
    return value.strftime(f"%d{mark}%m{mark}%Y")


def _contract_accounts(folder: Path, rows: int, currency: str = "USD") -> None:
    """Accounts A0 ... and their debtors with a telephone number each, in the contract's columns."""
    accounts: list[Row] = [("account_id", "debtor_id", "product", "currency", "opened_on", "original_amount")]
    debtors: list[Row] = [("debtor_id", "phone", "time_zone")]
    for n in range(rows):
        accounts.append((f"A{n}", f"D{n}", "card", currency, "2024-06-01", "1000.00"))
        debtors.append((f"D{n}", f"{2125550000 + n}", "America/Los_Angeles"))
    (folder / "accounts.csv").write_text(text_of(accounts))
    (folder / "debtors.csv").write_text(text_of(debtors))


def receivables(folder: Path, rows: int) -> None:
    """Every second invoice is paid, 20 days after it was due."""
    table: list[Row] = [
        _names(
            "countryCode customerID PaperlessDate invoiceNumber InvoiceDate DueDate InvoiceAmount Disputed "
            "SettledDate PaperlessBill DaysToSettle DaysLate"
        )
    ]
    for n in range(rows):
        sent, is_paid = day(n), n % 2 == 0
        paid = _us(sent + timedelta(days=50)) if is_paid else ""
        table.append(
            (
                391,
                f"{n % 100:04d}-CUST",
                _us(day(3)),
                1000 + n,
                _us(sent),
                _us(sent + timedelta(days=30)),
                f"{50 + n % 40}.25",
                "Yes" if n % 5 == 0 else "No",
                paid,
                "Electronic",
                50 if is_paid else "",
                20,
            )
        )
    (folder / "Accounts-Receivable.csv").write_text(text_of(table))


def telecom(folder: Path, rows: int) -> None:
    head = _names(
        "Account_ID Account_Number Customer_First_Name Customer_Last_Name State City Zip_Code "
        "Original_Balance Outstanding_Balance Credit_Score Placement_Date Charge_Off_Date "
        "Collection_Stage Days_Past_Due Last_Payment_Date Account_Tenure_Months Account_Status "
        "Bankruptcy_Flag Fraud_Flag"
    )
    accounts, payments = [head], [["Payment_ID", "Account_ID", "Promise_ID", "Payment_Date", "Payment_Amount"]]
    payments[0].append("Payment_Method")
    phones = [["Phone_ID", "Account_ID", "Phone_Number", "Phone_Type", "Is_Primary"]]
    promises = [["Promise_ID", "Call_ID", "Account_ID", "Promise_Date", "Promise_Due_Date", "Promised_Amount"]]
    promises[0].append("Promise_Status")
    for n in range(1, rows + 1):
        cells = (n, f"NVT{n:08d}", "Ada", f"Name{n}", "Ohio", "Dayton", 45400, "900.50", f"{n % 900}.75", 600)
        accounts.append([str(x) for x in cells] + [str(day(n)), "2025-01-01", "Primary", str(n % 200)])
        accounts[-1] += ["", "6", "Closed" if n % 10 == 0 else "Active", "0", "0"]
        payments.append([str(n), str(n), f"{n}.0", str(day(n)), f"{n % 300}.5", "ACH"])
        phones += [[f"{n}1", str(n), f"{3305550000 + n}", "Mobile", "1"], [f"{n}2", str(n), "3309990000", "Home", "0"]]
        promises.append([str(n), "3", str(n), str(day(n)), str(day(n) + timedelta(days=9)), "100.5", "Kept"])
    for name, table in (("Accounts", accounts), ("Payments", payments), ("Phone_Numbers", phones)):
        (folder / f"{name}.csv").write_text(text_of(table))
    (folder / "Promise_To_Pay.csv").write_text(text_of(promises))


def messages(folder: Path, rows: int) -> None:
    """Every fourth payment failed; every fifth message did not arrive."""
    customers: list[Row] = [
        _names(
            "customer_id client_id account_upload_date portfolio_type debt_balance debt_age_days region "
            "preferred_contact_channel account_status"
        )
    ]
    events: list[Row] = [
        _names(
            "communication_id customer_id client_id sent_date channel message_type delivered_flag "
            "opened_or_clicked_flag"
        )
    ]
    payments: list[Row] = [_names("payment_id customer_id client_id payment_date payment_amount payment_status")]
    for n in range(rows):
        who = f"DCUST{n:06d}"
        customers.append((who, "DSC001", day(n), "Recoveries", f"{n % 500}.19", n % 300, "London", "SMS", "Open"))
        channel = ("SMS", "Email", "Letter", "Agent Referral")[n % 4]
        events.append((f"COMM{n:07d}", who, "DSC001", day(n), channel, "Reminder 1", int(n % 5 != 4), 0))
        payments.append((f"PAY{n}", who, "DSC001", day(n), "43.03", "Failed" if n % 4 == 3 else "Successful"))
    (folder / "debtstream_customers.csv").write_text(text_of(customers))
    (folder / "debtstream_communication_events.csv").write_text(text_of(events))
    (folder / "debtstream_payments.csv").write_text(text_of(payments))


def boletos(folder: Path, rows: int) -> None:
    """The amount is the last cell and not quoted, with a comma of its own in two rows of three."""
    lines = ["banco,mes_referencia,pena_agua,nome_pagador,status,numero_seu,numero_nosso,data_vencimento,dda,valor"]
    for n in range(rows):
        status = ("VENCIDO", "PAGO NO DIA", "A VENCER / VENCIDO")[n % 3]
        amount = ("1.161,41", "500.00", "750,50")[n % 3]
        lines.append(f"BANCO1,2025-10,{400 + n},NOME {n},{status},{n},{60000 + n},2025-10-{n % 28 + 1:02d},N,{amount}")
    (folder / "exemplo_boletos.csv").write_text("\n".join(lines) + "\n")


def chile(folder: Path, rows: int) -> None:
    lines = ["RUT_DEUDOR;NOMBRE_DEUDOR;RUT_CLIENTE;NRO_FACTURA;VENCIMIENTO;DIAS_MORA;MONTO_PENDIENTE;MONEDA"]
    for n in range(rows):
        thousands = f"{1_000_000 + n:,}".replace(",", ".")
        lines.append(f"{10_000_000 + n}-K;Deudor Nº {n};99999999-9;F{n};{_dmy(day(n))};{n % 90};$ {thousands};CLP")
    (folder / "cartera.csv").write_bytes(("\r\n".join(lines) + "\r\n").encode("latin-1"))


def call_report(folder: Path, rows: int) -> None:
    """08:30:00 on the clock of a server in New York; every third row names no account but a known number."""
    table: list[Row] = [
        _names(
            "call_date phone_number_dialed status user full_name campaign_id vendor_lead_code source_id "
            "list_id gmt_offset_now phone_code phone_number length_in_sec user_group alt_dial"
        )
    ]
    for n in range(rows):
        status = ("NA", "PTP", "AL")[n % 3]
        number, lead = 2125550000 + n, "" if n % 3 == 2 else f"A{n}"
        user = "VDAD" if status == "NA" else "agent1"
        started = f"{day(n)} 08:30:00"
        table.append((started, number, status, user, "X", "COLL", lead, "", 998, "-8.00", 1, number, 65, "", "MAIN"))
    (folder / "EXPORT_CALL_REPORT_20250301.txt").write_text(text_of(table, "\t"))
    _contract_accounts(folder, rows)


def asterisk(folder: Path, rows: int) -> None:
    """No header; account found by the number that was dialled, or that called."""
    table: list[Row] = []
    for n in range(rows):
        number, is_out = str(2125550000 + n), n % 4 != 3
        src, dst = ("104", number) if is_out else (number, "104")
        state = ("ANSWERED", "NO ANSWER", "BUSY", "ANSWERED")[n % 4]
        ends = [f"{day(n)} 10:00:0{second}" for second in (0, 5, 9)]
        talk = 4 if state == "ANSWERED" else 0
        table.append(
            (
                "",
                src,
                dst,
                "from-internal",
                f'"Desk" <{src}>',
                "SIP/104-1",
                "SIP/out-2",
                "Dial",
                f"SIP/out/{dst},30",
                ends[0],
                ends[1] if talk else "",
                ends[2],
                9,
                talk,
                state,
                "DOCUMENTATION",
                f"1735689600.{n}",
                "",
            )
        )
    (folder / "Master.csv").write_text(text_of(table))
    _contract_accounts(folder, rows)


def car_loans(folder: Path, rows: int) -> None:
    """Amounts in 万, days in Chinese, an empty row after every tenth."""
    with xlsxwriter.Workbook(folder / "车贷名单.xlsx") as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, ["合同编号", "客户姓名", "车型", "贷款金额", "放款日期", "逾期天数", "剩余本金", "备注"])
        line = 1
        for n in range(rows):
            if n and n % 10 == 0:
                line += 1
            when = f"2024年{n % 12 + 1}月{n % 28 + 1}日"
            sheet.write_row(line, 0, [f"HT{n:05d}", f"客户{n}", "轿车", "12.5万", when, n % 95, f"{n % 12}.5万", ""])
            line += 1


def loan_notes(folder: Path, rows: int) -> None:
    """GB18030, and the number of a note is unique only with that of its agreement."""
    table: list[Row] = [
        _names(
            "协议编号 借据编号 借据金额 借据币种 剩余本金 借据利率 借据期限 生效日期 到期日期 "
            "借据状态 欠款期数 起欠期数 欠还金额"
        )
    ]
    for n in range(rows):
        table.append(
            (
                181444525315 + n // 2,
                101 + n % 2,
                "879000.00",
                156,
                "800000.00",
                "8.4",
                12,
                day(n),
                "2027-02-24",
                0,
                n % 4,
                0,
                f"{n % 4}000.00",
            )
        )
    (folder / "loan_iou.txt").write_bytes(text_of(table).encode("gb18030"))


def small_business(folder: Path, rows: int) -> None:
    """Days are counted from 1960-01-01, as SAS does."""
    table: list[Row] = [
        _names(
            "Selected LoanNr_ChkDgt Name City State Zip Bank ApprovalDate Term ChgOffDate DisbursementDate "
            "DisbursementGross BalanceGross MIS_Status ChgOffPrinGr"
        )
    ]
    for n in range(rows):
        is_lost = n % 3 == 0
        off, state = (16000 + n % 100, "CHGOFF") if is_lost else ("", "P I F")
        table.append((1, 1004285007 + n, f"Firm {n}", "Fresno", "CA", 93701, "Bank", 15074, 36, off, 15095))
        table[-1] = (*table[-1], 32812, 0, state, 1000 if is_lost else 0)
    (folder / "SBAcase.11.13.17.csv").write_text(text_of(table))


def prosper(folder: Path, rows: int) -> None:
    """A tape of 81 columns, of which a few matter."""
    head = _names(
        "ListingKey ListingNumber ListingCreationDate CreditGrade Term LoanStatus ClosedDate "
        "BorrowerAPR BorrowerRate LenderYield BorrowerState Occupation LoanCurrentDaysDelinquent "
        "LoanNumber LoanKey MemberKey LoanOriginalAmount LoanOriginationDate MonthlyLoanPayment "
        "LP_CustomerPrincipalPayments LP_GrossPrincipalLoss LP_NetPrincipalLoss"
    )
    filler = [f"Other{n}" for n in range(81 - len(head))]
    table: list[Row] = [head + filler]
    states = ("Current", "Past Due (31-60 days)", "Completed", "Chargedoff", "Past Due (>120 days)", "Defaulted")
    for n in range(rows):
        state = states[n % len(states)]
        cells = [f"K{n}", n, "2014-01-01 10:00:00", "", 36, state, "", "0.2", "0.1835", "0.17", "CO", "Other", 0]
        cells += [n, f"LOAN{n}", f"MEMBER{n}", 9000, "2013-06-01 00:00:00", "330.43", "2500.5", 0, 0]
        table.append(cells + [""] * len(filler))
    (folder / "prosperLoanData_2014-03-31.csv").write_text(text_of(table))


def uk_debts(folder: Path, rows: int) -> None:
    """Three ways of writing a day in one column; direction inside the channel; minutes of talk."""
    accounts: list[Row] = [
        _names(
            "account_id customer_name date_of_birth postcode region creditor debt_type original_balance "
            "current_balance interest_rate_pct default_date account_status"
        )
    ]
    log: list[Row] = [_names("comm_id account_id comm_date channel duration_minutes outcome agent")]
    payments: list[Row] = [_names("payment_id account_id payment_date amount payment_method payment_status")]
    for n in range(rows):
        when = date(2025, 5, 9) + timedelta(days=n % 8)
        written = (str(when), _dmy(when), _dmy(when, "-"), when.strftime("%m/%d/%Y"))[n % 4]
        who = f"DC{100000 + n}"
        accounts.append((who, f"Name {n}", "", "N1 1AA", "Wales", "Bank", "Credit Card", "1000.00", "", "24.14"))
        accounts[-1] = (*accounts[-1], written, "OPEN" if n % 2 else "Open")
        kind = ("outbound call", "Inbound Call", "Call", "SMS", "Outbound Call", "Letter")[n % 6]
        talk = "8.6" if "all" in kind else ""
        log.append((f"COM{n}", who, written, kind, talk, ("Left Voicemail", "Refused to Pay", "")[n % 3], "Ann S."))
        payments.append((f"PMT{n}", who, written, "84.74", "Card", ("Cleared", "Failed", "Pending")[n % 3]))
    accounts.append(accounts[-1])
    (folder / "accounts_raw.csv").write_text(text_of(accounts))
    (folder / "communications_raw.csv").write_text(text_of(log))
    (folder / "payments_raw.csv").write_text(text_of(payments))


def call_log(folder: Path, rows: int) -> None:
    """A log alone, without any file of accounts; a call_id comes again with other content."""
    table: list[Row] = [_names("call_id agent_id org_id installment_id status duration created_ts call_date")]
    for n in range(rows):
        state = ("completed", "no_answer", "failed", "connected")[n % 4]
        table.append((f"C{n // 2}", "A020", "O2", f"L{n}", state, "5.68", f"{day(n)}T15:40:00", day(n)))
    (folder / "call_logs.csv").write_text(text_of(table))


def agent_months(folder: Path, rows: int) -> None:
    """Sums by agent and month: there is no account in it."""
    table: list[Row] = [_names("Agent Month Bucket Cases Collected")]
    table += [(f"Agent {n}", "Jan-2024", "1-30 DPD", 40, "1200.00") for n in range(rows)]
    (folder / "agent_performance.csv").write_text(text_of(table))


def polish_months(folder: Path, rows: int) -> None:
    """A workbook a month, of 66 columns; the day of its state stands only in its name."""
    head = ["Numer faktury", "NIP", "Nazwa klienta", "Data wystawienia", "Termin płatności", "Kwota brutto"]
    head += ["Saldo", "Waluta", "Dni po terminie"]
    head += [f"Kolumna {n}" for n in range(len(head), 66)]
    for month in range(1, 13):
        with xlsxwriter.Workbook(folder / f"24.{month:02d}.2026_bazowy.xlsx") as book:
            sheet, as_day = book.add_worksheet("Dane"), book.add_format({"num_format": "dd.mm.yyyy"})
            sheet.write_row(0, 0, head)
            for n in range(max(1, rows // 12)):
                sheet.write_row(n + 1, 0, [f"FV/{n}/2025", f"525{n:07d}", f"Firma {n}"])
                sheet.write_datetime(n + 1, 3, date(2025, 11, 3), as_day)  # type: ignore[arg-type]
                sheet.write_string(n + 1, 4, "03.12.2025")
                sheet.write_row(n + 1, 5, [1234.5, 1234.5 - month, "PLN", month * 7])


def two_sheets(folder: Path, rows: int) -> None:
    """Title rows, two tables as two sheets, a row of totals, amounts with three decimals."""
    with xlsxwriter.Workbook(folder / "Portfolio.xlsx") as book:
        loans, aging = book.add_worksheet("Loans"), book.add_worksheet("Aging")
        loans.write(0, 0, "Loan list, branch North")
        loans.write_row(2, 0, ["Loan No", "Customer", "Opened", "Amount"])
        aging.write(0, 0, "Aging as of 31 Oct 2025")
        aging.write_row(1, 0, ["Loan No", "DPD", "Outstanding"])
        for n in range(rows):
            loans.write_row(n + 3, 0, [f"L{n}", f"C{n}", "2024-03-01", 1000.125])
            aging.write_row(n + 2, 0, [f"L{n}", n % 100, 900.5])
        loans.write_row(rows + 3, 0, ["Total", "", "", 1000.125 * rows])
        aging.write_row(rows + 2, 0, ["Grand total", "", 900.5 * rows])


def _shapes() -> Iterator[Shape]:
    yield Shape(
        1,
        "receivables",
        "invoices with the day of settlement",
        "month/day/year, currency, two tables and payments from one row",
        receivables,
        "invoice-list",
    )
    yield Shape(
        2,
        "telecom",
        "accounts, payments, promises and three telephone numbers each",
        "debtor = account, currency, day, primary number by an SQL file",
        telecom,
    )
    yield Shape(
        3,
        "messages",
        "customers, messages and payments of a digital collector",
        "direction, zone, currency; failed payments by their status",
        messages,
    )
    yield Shape(
        4,
        "boletos",
        "payment slips with `1.161,41` unquoted at the end of a line",
        "last cell takes the rest, amounts by an expression, paid rows",
        boletos,
    )
    yield Shape(
        5,
        "chile",
        "receivables with `;`, `$ 1.234.567`, RUT as key",
        "decimal comma, day/month/year, pseudonyms, encoding",
        chile,
    )
    yield Shape(
        6,
        "vicidial",
        "VICIdial call report, accounts found by number",
        "channel, direction, zone of the server",
        call_report,
        "vicidial",
    )
    yield Shape(
        7,
        "asterisk",
        "Asterisk `Master.csv` without names",
        "names, direction from the length of numbers, zone",
        asterisk,
        "asterisk-cdr",
    )
    yield Shape(8, "car-loans", "a workbook with 12.5万 and 2024年6月3日", "currency, product, day", car_loans)
    yield Shape(
        9,
        "loan-notes",
        "贷款借据 in GB18030, periods owed in place of days",
        "a key of two columns, currency 156, ranges of days",
        loan_notes,
    )
    yield Shape(
        10,
        "small-business",
        "loans with days counted from 1960",
        "the count, states, days unknown where charged off",
        small_business,
    )
    yield Shape(
        11,
        "prosper",
        "a tape of 81 columns with delinquency in words",
        "words to ranges of days, balance by an expression",
        prosper,
        "loan-tape",
    )
    yield Shape(
        12,
        "uk-debts",
        "three ways of writing a day in one column",
        "three forms in order, direction inside the channel, minutes",
        uk_debts,
    )
    yield Shape(13, "call-log", "a contact log alone", "currency, ids from content, minutes", call_log)
    yield Shape(
        14, "agent-months", "sums by agent and month: no accounts", "nothing: refused in one sentence", agent_months
    )
    yield Shape(
        15,
        "polish-months",
        "twelve workbooks of 66 columns, the day in their names",
        "pattern, day from the name, pseudonyms",
        polish_months,
    )
    yield Shape(16, "two-sheets", "a workbook with titles, two tables and totals", "sheets, rounding", two_sheets)


SHAPES = {shape.number: shape for shape in _shapes()}
