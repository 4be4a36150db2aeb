"""Further views of the Aging page, one at a time: what is not picked is not asked of the book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.aging_views import cure_bars, loss_chart, rate_lines, stage_bars
from duewatch.charts.shares import share_line
from duewatch.reads import portfolio
from duewatch.ui.aging import aging_views as further
from duewatch.ui.parts.choices import one_of
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.missing_tables import lacks_instalments
from duewatch.ui.parts.table import draw_account_rows, draw_counted_rows, draw_table
from duewatch.ui.parts.tiles import draw_definition
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext

VIEWS = {
    "loss": "further.view_loss",
    "rates": "further.view_rates",
    "entry": "further.view_entry",
    "cures": "further.view_cures",
    "stages": "further.view_stages",
}
MONTHS_BACK = 366


def further_views(ctx: PageContext, buckets: list[str]) -> None:
    st.subheader(ctx.words("further.heading"), anchor=False)
    view = one_of(ctx.words, "further.view", VIEWS, "view")
    draw_view: dict[str, Callable[[], None]] = {
        "loss": lambda: _loss(ctx, buckets),
        "rates": lambda: _rates(ctx, buckets),
        "entry": lambda: _entry(ctx),
        "cures": lambda: _cures(ctx),
        "stages": lambda: _stages(ctx),
    }
    draw_view[view]()


def _defined(ctx: PageContext, *metrics: str) -> None:
    with st.container(horizontal=True):
        for metric in metrics:
            label = ctx.words(f"metric.{metric}.name")
            with st.popover(label, type="tertiary", icon=":material/info:", key=f"define_{metric}"):
                draw_definition(ctx, metric)


def _loss(ctx: PageContext, buckets: list[str]) -> None:
    words, numbers = ctx.words, ctx.numbers
    day_no = ctx.days.index(ctx.as_of)
    span: dict[str, Any] = {"from_date": ctx.days[max(day_no - further.STEPS_POOLED, 0)], "to_date": ctx.as_of}
    frame = portfolio.flow_to_loss(ctx.ask, **span)
    if frame.is_empty():
        empty(words("guard.no_history"))
        return
    flows = further.pooled_flows(frame, ctx.as_of, buckets)
    estimates = further.loss_estimates(flows, portfolio.step_moves(ctx.ask, **span), buckets)
    left, right = st.columns(2, gap="large")
    with left:
        figure = loss_chart(
            estimates[1:],
            ctx.labels(further.loss_finding(words, numbers, estimates), x=words("further.loss_axis")),
            names=(words("further.by_product"), words("further.by_chain")),
            percent=numbers.percent,
        )
        draw(ctx, figure, "loss")
    with right:
        table = further.loss_table(flows, estimates)
        columns = table.drop("to_bucket", "loss_low", "loss_high")
        draw_table(ctx, columns, alt=words("further.view_loss"))
        st.caption(words("further.loss_note", n=frame["as_of"].n_unique(), day=span["from_date"], as_of=ctx.as_of))
        _defined(ctx, "roll_to_loss", "loss_chance")
        offer(ctx, Export(table, metric="roll_to_loss", title=words("further.view_loss")))
    with st.expander(words("further.loss_rows")):
        _loss_rows(ctx, frame, flows)


def _loss_rows(ctx: PageContext, frame: pl.DataFrame, flows: list[further.PooledFlow]) -> None:
    """The accounts in the later bucket of a pair, or those written off in the last step."""
    words = ctx.words
    last_step = frame.filter(pl.col("as_of") == ctx.as_of)
    names = {f.to_bucket: f"{f.from_bucket} → {_state(ctx, f.to_bucket)}" for f in flows}
    ends = [to_bucket for to_bucket in names if to_bucket in set(last_step["to_bucket"].to_list())]
    to_bucket = st.selectbox(
        words("further.pair"), ends, index=len(ends) - 1, format_func=names.__getitem__, key="pair"
    )
    expected = Decimal(last_step.filter(pl.col("to_bucket") == to_bucket)["balance_to"][0])
    if to_bucket == "written_off" and ctx.previous is not None:
        moves = portfolio.account_moves(ctx.ask, from_date=ctx.previous, to_date=ctx.as_of)
        rows, amount = moves.filter(pl.col("to_bucket") == to_bucket).drop("from_no", "to_no"), "balance_from"
    else:
        rows, amount = portfolio.accounts_in_bucket(ctx.ask, bucket=to_bucket, as_of=ctx.as_of), "balance"
    draw_account_rows(ctx, rows, metric="roll_to_loss", title=names[to_bucket], amount=amount, expected=expected)


def _state(ctx: PageContext, state: str) -> str:
    return ctx.words(f"code.{state}") if ctx.words.has(f"code.{state}") else state


def _rates(ctx: PageContext, buckets: list[str]) -> None:
    words, numbers = ctx.words, ctx.numbers
    kinds = {"coincidental": "further.coincidental", "lagged": "further.lagged"}
    rate = one_of(words, "further.rate", kinds, "delinquency")
    frame = portfolio.delinquency_rates(ctx.ask, from_date=ctx.days[0], to_date=ctx.as_of)
    finding = further.rates_finding(words, numbers, frame, rate)
    if finding is None:
        empty(words("further.no_lag", day=ctx.days[0]))
        return
    figure = rate_lines(
        frame,
        ctx.labels(finding, y=words(f"further.{rate}_axis")),
        rate=rate,
        percent=lambda share: numbers.percent(share, digits=2),
    )
    draw(ctx, figure, "rates")
    st.caption(words(f"further.{rate}_note"))
    _defined(ctx, "delinquency_coincidental", "delinquency_lagged")
    with st.expander(words("further.rates_rows")):
        last_day = frame.filter(pl.col("as_of") == ctx.as_of)
        draw_table(ctx, last_day.drop("as_of", "currency", "bucket_no"), alt=words("further.view_rates"))
        bucket = st.selectbox(words("aging.rows_pick_bucket"), buckets[1:], key="rates_bucket")
        rows = portfolio.accounts_in_bucket(ctx.ask, bucket=bucket, as_of=ctx.as_of)
        expected = Decimal(last_day.filter(pl.col("bucket") == bucket)["balance"][0])
        draw_account_rows(ctx, rows, metric=f"delinquency_{rate}", title=bucket, amount="balance", expected=expected)


def _entry(ctx: PageContext) -> None:
    words = ctx.words
    missing = lacks_instalments(ctx)
    if missing:
        empty(words("further.not_assessable", tables=", ".join(missing)))
        return
    start = max(ctx.days[0] + timedelta(days=1), ctx.as_of - timedelta(days=MONTHS_BACK)).replace(day=1)
    left, right = st.columns(2, gap="large")
    with left:
        _entry_rate(ctx, start)
    with right:
        _first_payment(ctx, start)


def _entry_rate(ctx: PageContext, start: date) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.markdown(f"##### {words('metric.entry_due.name')}")
    frame = portfolio.entry_by_due_month(ctx.ask, from_date=start, to_date=ctx.as_of, as_of=ctx.as_of)
    if frame.is_empty():
        empty(words("further.none_due"))
        return
    points = further.month_points(frame, "share_entered", "entered_low", "entered_high", "n_due")
    finding = further.month_finding(words, numbers, "further.entry", points)
    figure = share_line(points, ctx.labels(finding, y=words("further.entry_axis")), percent=numbers.percent)
    draw(ctx, figure, "entry_due")
    st.caption(words("further.entry_note"))
    _defined(ctx, "entry_due")
    with st.expander(words("further.entry_rows")):
        months = frame["due_month"].sort(descending=True).to_list()
        month = st.selectbox(words("column.due_month"), months, key="due_month", format_func=_month)
        row = frame.filter(pl.col("due_month") == month).row(0, named=True)
        rows = portfolio.accounts_falling_due(ctx.ask, from_date=month, to_date=_end(month), as_of=ctx.as_of)
        entered = rows.filter(pl.col("is_entered")).drop("is_entered")
        draw_account_rows(
            ctx,
            entered,
            metric="entry_due",
            title=f"{words('metric.entry_due.name')} {_month(month)}",
            amount="due_amount",
            expected=Decimal(row["entered_amount"]),
            of="due_dates",
        )


def _first_payment(ctx: PageContext, start: date) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.markdown(f"##### {words('metric.first_payment_default.name')}")
    days = st.segmented_control(
        words("further.fpd_days"),
        [1, 7, 30],
        default=30,
        required=True,
        key="fpd_days",
        format_func=lambda n: f"FPD{n}",
    )
    params: dict[str, Any] = {"as_of": ctx.as_of, "unpaid_days": days}
    frame = portfolio.first_payment_default(ctx.ask, from_date=start, to_date=ctx.as_of, **params)
    complete = frame.filter(pl.col("is_complete"))
    if complete.is_empty():
        empty(words("further.no_first", days=days))
        return
    points = further.month_points(complete, "share_default", "default_low", "default_high", "n_loans")
    finding = further.month_finding(words, numbers, "further.fpd", points, days=days)
    figure = share_line(points, ctx.labels(finding, y=words("further.fpd_axis", days=days)), percent=numbers.percent)
    draw(ctx, figure, "fpd")
    st.caption(words("further.fpd_note", days=days))
    _defined(ctx, "first_payment_default")
    with st.expander(words("further.fpd_rows")):
        months = complete["due_month"].sort(descending=True).to_list()
        month = st.selectbox(words("column.due_month"), months, key="fpd_month", format_func=_month)
        row = complete.filter(pl.col("due_month") == month).row(0, named=True)
        rows = portfolio.first_instalments(ctx.ask, from_date=month, to_date=_end(month), **params)
        late = rows.filter(pl.col("is_default")).drop("is_default")
        draw_account_rows(
            ctx,
            late,
            metric="first_payment_default",
            title=f"FPD{days} {_month(month)}",
            amount="original_amount",
            expected=Decimal(row["lent_default"]),
        )


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _end(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _cures(ctx: PageContext) -> None:
    words, numbers = ctx.words, ctx.numbers
    step = further.watched_step(ctx.days, ctx.as_of)
    if step is None:
        empty(words("further.too_early", days=further.HOLD_DAYS))
        return
    params: dict[str, Any] = {
        "from_date": step[0],
        "to_date": step[1],
        "as_of": ctx.as_of,
        "hold_days": further.HOLD_DAYS,
    }
    frame = portfolio.cures_held(ctx.ask, **params)
    finding = further.cures_finding(words, numbers, frame, step[1])
    if finding is None:
        empty(words("further.no_cures", start=step[0], end=step[1]))
        return
    left, right = st.columns(2, gap="large")
    with left:
        names = (words("further.cured"), words("further.lasting", days=further.HOLD_DAYS))
        figure = cure_bars(
            frame, ctx.labels(finding, y=words("further.cures_axis")), names=names, percent=numbers.percent
        )
        draw(ctx, figure, "cures")
    with right:
        table = frame.select("bucket", "n_accounts", "n_cured", "n_held", "share_held", "held_low", "held_high")
        draw_table(ctx, table, alt=words("further.view_cures"))
        st.caption(words("further.cures_note", start=step[0], end=step[1], days=further.HOLD_DAYS))
        _defined(ctx, "cures_held")
    with st.expander(words("further.cures_rows")):
        outcome = one_of(words, "further.cures_which", {"relapsed": "further.relapsed", "held": "further.held"}, "held")
        bucket = st.selectbox(words("aging.rows_pick_bucket"), frame["bucket"].to_list(), key="cures_bucket")
        row = frame.filter(pl.col("bucket") == bucket).row(0, named=True)
        rows = portfolio.cured_accounts(ctx.ask, **params).filter(pl.col("from_bucket") == bucket)
        rows = rows.filter(pl.col("is_held") if outcome == "held" else ~pl.col("is_held")).drop("is_held")
        n_expected = row["n_held"] if outcome == "held" else row["n_cured"] - row["n_held"]
        draw_counted_rows(
            ctx,
            rows,
            metric="cures_held",
            title=f"{bucket}: {words(f'further.{outcome}')}",
            amount="balance_from",
            expected=n_expected,
        )


def _stages(ctx: PageContext) -> None:
    words, numbers = ctx.words, ctx.numbers
    frame = portfolio.stages(ctx.ask, as_of=ctx.as_of).sort("stage_no")
    names = [words(f"further.stage_{n}") for n in frame["stage_no"].to_list()]
    shares = frame["share_balance"].to_list()
    finding = words("further.stages_title", two=numbers.percent(shares[1]), three=numbers.percent(shares[2]))
    figure = stage_bars(
        frame,
        ctx.labels(finding, x=words("further.stages_axis")),
        names=names,
        texts=further.stage_texts(numbers, words, frame),
        percent=numbers.percent,
    )
    draw(ctx, figure, "stages")
    st.caption(words("further.stages_note"))
    _defined(ctx, "stages_proxy")
    with st.expander(words("further.stages_rows")):
        stage = st.segmented_control(
            words("further.stage"),
            [3, 2, 1],
            default=3,
            required=True,
            key="stage",
            format_func=lambda n: words(f"further.stage_{n}"),
        )
        rows = further.in_stage(portfolio.accounts_in_bucket(ctx.ask, bucket="all", as_of=ctx.as_of), stage)
        expected = Decimal(frame.filter(pl.col("stage_no") == stage)["balance"][0])
        draw_account_rows(
            ctx, rows, metric="stages_proxy", title=words(f"further.stage_{stage}"), amount="balance", expected=expected
        )
