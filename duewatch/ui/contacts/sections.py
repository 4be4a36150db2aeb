"""Sections of the Contacts page: funnel, buckets, hours, rate and mix, promises kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from duewatch.charts.contact_funnel import funnel_bars
from duewatch.charts.rate_and_mix import rate_and_mix
from duewatch.charts.shares import share_line, share_rows
from duewatch.charts.week_grid import reach_heat
from duewatch.contract.i18n import Words
from duewatch.engines import Ask
from duewatch.metrics.decided_days import promise_rules
from duewatch.reads import compliance, portfolio
from duewatch.reads import contacts as reads
from duewatch.ui.contacts import summary as contacts
from duewatch.ui.contacts.rows import STEPS, days_of
from duewatch.ui.parts.changes import week_finding
from duewatch.ui.parts.choices import choose
from duewatch.ui.parts.code_labels import WEEKDAYS
from duewatch.ui.parts.definition import definition_button
from duewatch.ui.parts.figures import draw, empty
from duewatch.ui.parts.period import Period
from duewatch.ui.parts.table import draw_table, draw_table_with_files, two_decimals
from duewatch.ui.shell.downloads import Export, offer
from duewatch.ui.shell.frame import PageContext


def pick_channel(ctx: PageContext, period: Period) -> str | None:
    """The channel with the most right-party contacts by default; None without contacts. The address holds the code and
    not its word, so that a link works in both languages."""
    words = ctx.words
    by_channel = reads.reach_by(ctx.ask, grouping_by="channel", **days_of(period))
    channels = by_channel.sort("n_right_party", "n_attempts", descending=True)["group_name"].drop_nulls().to_list()
    if not channels:
        return None
    options = [*channels, "all"]
    in_address = st.query_params.get("channel")
    channel: str = st.selectbox(
        words("column.channel"),
        options,
        index=options.index(in_address) if in_address in options else 0,
        key="channel",
        format_func=lambda name: words("contacts.all_channels") if name == "all" else words(f"channel.{name}"),
    )
    if channel != (in_address or options[0]):
        st.query_params["channel"] = channel
    return channel


def attempts_text(words: Words, channel: str) -> str:
    if channel == "all":
        return words("contacts.what_all")
    return words("contacts.what", channel=words(f"channel.{channel}"))


def reach_of(ctx: PageContext, period: Period, channel: str, span: tuple[Any, Any] | None) -> contacts.Reach:
    """What the tiles need of one period; `span`: the weeks whose promises are decided."""
    reach = contacts.first_row(reads.reach_by(ctx.ask, channel=channel, **days_of(period)))
    coverage = contacts.first_row(reads.coverage(ctx.ask, channel=channel, **days_of(period)))
    promise_yield = None
    if span:
        promise_yield = contacts.first_row(
            reads.promise_yield(
                ctx.ask,
                as_of=ctx.as_of,
                from_date=span[0],
                to_date=span[1],
                channel=channel,
                by_week=False,
                **promise_rules(),
            )
        )
    return contacts.Reach(reach, coverage, promise_yield)


def log_begins_within(ask: Ask, period: Period) -> bool:
    """A log that begins within the earlier days has nothing to compare with."""
    first = compliance.judged_days(ask).row(0, named=True)["first_day"]
    return bool(first is None or first > period.start)


def weeks_of(ctx: PageContext, channel: str) -> pl.DataFrame:
    """promise_yield of the last weeks up to the as-of day."""
    start = ctx.as_of - timedelta(days=7 * contacts.YIELD_WEEKS + 20)
    return reads.promise_yield(
        ctx.ask, as_of=ctx.as_of, from_date=start, to_date=ctx.as_of, channel=channel, **promise_rules()
    )


def rate_mix_parts(ask: Ask, period: Period, channel: str) -> pl.DataFrame:
    return reads.reach_change(
        ask, from_date=period.before.start, to_date=period.end, split_on=period.start, channel=channel
    )


def funnel(ctx: PageContext, period: Period, channel: str) -> None:
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("contacts.funnel"), anchor=False)
    steps = reads.funnel_steps(ctx.ask, channel=channel, **days_of(period), **promise_rules())
    figure = funnel_bars(
        steps,
        ctx.labels(contacts.funnel_finding(words, numbers, steps), x=words("contacts.funnel_axis")),
        names={step: words(f"contacts.step_{step}") for step in STEPS},
        notes=contacts.step_notes(words, numbers, steps),
        count=numbers.short,
    )
    draw(ctx, figure, "funnel", on_click=lambda point: _show_step(str(point["customdata"])))
    definition_button(ctx, "contact_funnel")
    st.caption(words("contacts.funnel_note"))


def _show_step(step: str) -> None:
    choose("contact_rows", "attempts", default="attempts")
    st.session_state["contact_step"] = step


def buckets(ctx: PageContext, period: Period, channel: str) -> None:
    """Effort beside reach, bucket by bucket."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("contacts.buckets"), anchor=False)
    left, right = st.columns(2, gap="large")
    names = portfolio.bucket_bounds(ctx.ask).filter(pl.col("bucket_no") > 0)["bucket"].to_list()
    frames = [reads.coverage(ctx.ask, bucket=name, channel=channel, **days_of(period)) for name in names]
    covered = contacts.coverage_points(frames)
    with left:
        if covered:
            figure = share_rows(
                covered,
                ctx.labels(
                    contacts.extremes_finding(words, numbers, covered, "coverage"), x=words("contacts.coverage_axis")
                ),
                percent=numbers.percent,
            )
            draw(ctx, figure, "coverage_by_bucket")
        else:
            empty(words("contacts.no_stretches"))
    by_bucket = reads.reach_by(ctx.ask, grouping_by="bucket", channel=channel, **days_of(period))
    points = contacts.bucket_points(words, by_bucket)
    with right:
        if points:
            labels = ctx.labels(
                contacts.extremes_finding(words, numbers, points, "reach"), x=words("contacts.reach_axis")
            )
            figure = share_rows(points, labels, percent=numbers.percent)
            draw(ctx, figure, "reach_by_bucket")
        else:
            empty(words("contacts.too_few", least=contacts.LEAST))
    st.caption(words("contacts.buckets_note"))
    written_off = contacts.first_row(reads.coverage(ctx.ask, bucket="written_off", channel=channel, **days_of(period)))
    if written_off:
        st.caption(contacts.written_off_sentence(words, numbers, written_off))
    _bucket_tables(ctx, frames, by_bucket)


def _bucket_tables(ctx: PageContext, frames: list[pl.DataFrame], by_bucket: pl.DataFrame) -> None:
    words = ctx.words
    with st.expander(words("contacts.buckets_table")):
        covered = pl.concat(frames) if frames else pl.DataFrame()
        if not covered.is_empty():
            rates = ("per_touched", "per_touched_low", "per_touched_high", "per_day", "per_day_low", "per_day_high")
            draw_table(ctx, two_decimals(covered, rates), alt=words("contacts.buckets"))
            offer(ctx, Export(covered, metric="coverage", title=words("contacts.buckets")))
        table = by_bucket.rename({"group_name": "bucket"}).drop("isodow", "hour")
        draw_table_with_files(ctx, table, metric="right_party_rate", title=words("contacts.buckets"))


def hours(ctx: PageContext, period: Period, channel: str) -> None:
    """Right-party rate by hour and weekday within one bucket."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("contacts.hours"), anchor=False)
    by_bucket = reads.reach_by(ctx.ask, grouping_by="bucket", channel=channel, **days_of(period))
    buckets = by_bucket.sort("group_name")["group_name"].to_list()
    busiest = by_bucket.sort("n_attempts", descending=True)["group_name"][0]
    bucket = st.selectbox(
        words("column.bucket"),
        buckets,
        index=buckets.index(busiest),
        key="hours_bucket",
        format_func=lambda name: contacts.name_of_bucket(words, name),
    )
    params = {**days_of(period), "bucket": bucket, "channel": channel}
    cells = reads.reach_by(ctx.ask, grouping_by="hour_of_week", **params)
    by_hour = reads.reach_by(ctx.ask, grouping_by="hour", **params)
    if by_hour.filter(pl.col("hour").is_not_null()).is_empty():
        empty(words("contacts.no_hours"))
        return
    figure = reach_heat(
        cells,
        ctx.labels(contacts.hours_finding(words, numbers, by_hour, bucket), x=words("contacts.hours_axis")),
        least=contacts.LEAST,
        weekdays=[words(f"weekday.{day}") for day in WEEKDAYS],
        percent=lambda share: numbers.percent(share, digits=0),
        too_few=words("contacts.few_cell"),
    )
    draw(ctx, figure, "reach_hours")
    undated = int(by_hour.filter(pl.col("hour").is_null())["n_attempts"].sum())
    definition_button(ctx, "reach_by_hour")
    st.caption(words("contacts.hours_note", least=contacts.LEAST, undated=numbers.count(undated)))
    with st.expander(words("contacts.hours_table")):
        table = by_hour.drop("group_name", "isodow")
        draw_table(ctx, table, alt=words("contacts.hours"))
        offer(ctx, Export(cells.drop("group_name"), metric="reach_by_hour", title=words("contacts.hours")))


def rate_and_mix_of_change(ctx: PageContext, parts: pl.DataFrame, period: Period) -> None:
    """How much of the change is the rate within bucket and channel, and how much the mix."""
    words, numbers = ctx.words, ctx.numbers
    st.subheader(words("contacts.parts"), anchor=False)
    if parts.is_empty():
        empty(words("contacts.no_before"))
        return
    is_one_channel = parts["channel"].n_unique() == 1
    groups = [
        (_name_of_part(ctx.words, row, is_one=is_one_channel), row["rate_part"], row["mix_part"])
        for row in _largest(parts).iter_rows(named=True)
    ]
    figure = rate_and_mix(
        groups,
        ctx.labels(contacts.parts_finding(words, numbers, parts), x=words("contacts.parts_axis")),
        names=(words("contacts.part_rate"), words("contacts.part_mix")),
        points=lambda v: numbers.percent(v, signed=True, digits=2).rstrip("%"),
    )
    draw(ctx, figure, "parts")
    definition_button(ctx, "reach_change")
    st.caption(words("contacts.parts_note"))
    with st.expander(words("contacts.parts_table", n=parts.height)):
        table = parts.drop("rate_part_variance")
        draw_table_with_files(ctx, table, metric="reach_change", title=words("contacts.parts"))
        _rows_of_part(ctx, parts, period)


def _rows_of_part(ctx: PageContext, parts: pl.DataFrame, period: Period) -> None:
    """The attempts of one bucket and channel in either period; they add up to both of its columns."""
    words, numbers = ctx.words, ctx.numbers
    left, right = st.columns(2, vertical_alignment="bottom")
    cells = {f"{row['bucket']}|{row['channel']}": row for row in parts.iter_rows(named=True)}
    cell = left.selectbox(
        words("contacts_part.cell"),
        list(cells),
        key="part_cell",
        format_func=lambda name: _name_of_part(ctx.words, cells[name], is_one=False),
    )
    side = right.segmented_control(
        words("contacts_part.side"),
        ["after", "before"],
        default="after",
        required=True,
        key="part_side",
        format_func=lambda name: words(f"contacts_part.{name}"),
    )
    row, days = cells[cell], period if side == "after" else period.before
    rows = reads.attempts_in_cell(
        ctx.ask, bucket=row["bucket"], channel=row["channel"], **days_of(days), **promise_rules()
    ).drop("n_promises", "n_kept", "isodow")
    reached, expected = int(rows["is_right_party"].sum()), (row[f"n_{side}"], row[f"n_right_party_{side}"])
    if (rows.height, reached) != expected:
        counts = [" / ".join(map(numbers.count, pair)) for pair in ((reached, rows.height), expected[::-1])]
        st.error(words("guard.not_equal", rows=counts[0], number=counts[1]))
    elif rows.is_empty():
        st.caption(words("guard.no_rows"))
    else:
        title = words("contacts_part.rows", reached=numbers.count(reached), n=numbers.count(rows.height))
        st.markdown(words("floor.rows_total", what=title))
        draw_table(ctx, rows.drop("currency"), alt=title)
        offer(ctx, Export(rows, metric="reach_change", title=f"{_name_of_part(ctx.words, row, is_one=False)}: {title}"))


def _name_of_part(words: Words, row: contacts.Row, *, is_one: bool) -> str:
    bucket = contacts.name_of_bucket(words, row["bucket"])
    return bucket if is_one else f"{bucket} · {words('channel.' + row['channel'])}"


def _largest(parts: pl.DataFrame, n: int = 10) -> pl.DataFrame:
    """The rows that moved the rate most, in the order they have."""
    if parts.height <= n:
        return parts
    size = (pl.col("rate_part").abs() + pl.col("mix_part").abs()).alias("size")
    least = parts.select(size)["size"].sort(descending=True)[n - 1]
    return parts.filter(size >= least).head(n)


def promises_kept(ctx: PageContext, weeks: pl.DataFrame, tile_weeks: contacts.Row | None) -> None:
    """Week by week; `tile_weeks`: the four weeks of the tile, as one row."""
    words = ctx.words
    st.subheader(words("contacts.yield"), anchor=False)
    points = contacts.yield_points(weeks)
    if not points:
        empty(words("contacts.nothing_decided"))
        return
    labels = ctx.labels(
        week_finding(words, ctx.numbers, "contacts.yield_title", points), y=words("contacts.yield_axis")
    )
    figure = share_line(points, labels, percent=ctx.numbers.percent)
    draw(ctx, figure, "yield")
    if tile_weeks and tile_weeks["share_kept"] is not None:
        factors = {
            "promise": tile_weeks["share_promising"],
            "kept": tile_weeks["share_kept"],
            "both": tile_weeks["kept_per_contact"],
        }
        st.markdown(words("contacts.yield_product", **{k: ctx.numbers.percent(v) for k, v in factors.items()}))
    st.caption(words("contacts.yield_note"))
    with st.expander(words("contacts.yield_table", n=weeks.height)):
        draw_table_with_files(ctx, weeks, metric="kept_per_contact", title=words("contacts.yield"))
