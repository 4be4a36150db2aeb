"""Contact limits: who was contacted too often, at the wrong hour, or wrongly, under which clause?"""

import streamlit as st

from duewatch.contract.settings import load_settings
from duewatch.reads import compliance
from duewatch.ui.contact_limits import drill_down
from duewatch.ui.contact_limits import summary as limits
from duewatch.ui.contact_limits.findings import findings, log_state
from duewatch.ui.contact_limits.sections import by_debtor, by_hour, by_rule, by_who, over_time
from duewatch.ui.parts.figures import empty
from duewatch.ui.parts.law_asked import draw_law_asked
from duewatch.ui.parts.period import pick_period, pick_rule
from duewatch.ui.parts.review import review_tile
from duewatch.ui.parts.tiles import Tile, draw_tiles
from duewatch.ui.shell.frame import open_page

ctx = open_page("contact_limits", needs_snapshots=False)
words, numbers = ctx.words, ctx.numbers
with st.container(horizontal=True):
    period = pick_period(ctx)
    versions = compliance.rules_on_day(ctx.ask, on_day=period.end)
    if versions.is_empty():
        empty(words("guard.no_rules"))
        st.stop()
    rule_pick = pick_rule(ctx.words, versions)

rule_params = {"pack_id": rule_pick.pack, "rule_id": rule_pick.rule}
first_day = compliance.judged_days(ctx.ask)["first_day"].item()
current = compliance.breach_rates(ctx.ask, from_date=period.start, to_date=period.end, **rule_params).row(0, named=True)
before = limits.rates_before(ctx.ask, period, first_day, rule_params)
rules = compliance.verdicts_by_rule(ctx.ask, from_date=period.start, to_date=period.end, **rule_params)
gaps = compliance.log_completeness(ctx.ask, from_date=period.start, to_date=period.end)
if not current["n_contacts"]:
    empty(words("guard.no_contacts_in_period", first=period.start, last=period.end))
    st.stop()

threshold = load_settings().log_completeness
complete = next(row for row in gaps.iter_rows(named=True) if row["gap"] == "complete")
is_partial = complete["share"] is not None and complete["share"] < threshold
count = limits.BreachCount(numbers, is_partial)
draw_law_asked(ctx, period.start, period.end)
st.subheader(limits.headline(words, count, period, current, before, rules), anchor=False)
if is_partial:
    st.caption(words("limits.at_least", share=numbers.percent(complete["share"]), need=numbers.percent(threshold)))
tiles = limits.breach_tiles(words, count, current, before)
note = words("limits.tile_log", n=numbers.count(complete["n_all"]), need=numbers.percent(threshold))
tiles.append(Tile("log_complete", numbers.percent(complete["share"]), note=note))
breaches = compliance.finding_rows(ctx.ask, from_date=period.start, to_date=period.end, **rule_params)
review, unreviewed = review_tile(ctx, breaches, period.end)
tiles.append(review)
opens = drill_down.tile_rows(ctx.ask, period, rule_params, current, breaches)
opens |= {"log_complete": drill_down.log_rows(ctx.ask, period, complete["share"]), "open_reviews": unreviewed}
draw_tiles(ctx, tiles, opens)

by_rule(ctx, rules, period, rule_pick)
kind = by_who(ctx, period, rule_pick)
over_time(ctx, period, rule_pick)
by_hour(ctx, count, rules, versions, period)
by_debtor(ctx, period)
log_state(ctx, gaps, period, threshold)
findings(ctx, rules, versions, period, rule_pick, kind)
