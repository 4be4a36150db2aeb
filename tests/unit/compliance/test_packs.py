"""A pack that does not load says file, rule, field, value, and what is allowed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from duewatch.compliance.pack_coverage import load_coverage
from duewatch.compliance.packs import load_packs, read_pack
from duewatch.compliance.rule_kinds import AllowedHours, CountCap
from duewatch.compliance.stale_packs import stale_packs, stale_sentence
from duewatch.contract.errors import RuleError
from duewatch.contract.settings import PROJECT_ROOT

PACK = """
[pack]
id = "xx.test"
version = "1"
title = { en = "A test", zh = "测试" }
jurisdiction = "CN"
strength = "policy"
read = "primary"
verified_on = 2026-11-24
source = "nowhere"
effective_from = 2026-01-01
"""
CAP = """
[[rule]]
id = "cap"
kind = "count_cap"
title = { en = "Too many", zh = "过多" }
modality = "should"
cite = "section 1"
events = { channel = ["call"] }
max = 3
window = { unit = "day" }
scope = ["person"]
"""
HOURS = """
[[rule]]
id = "hours"
kind = "allowed_hours"
title = { en = "Too late", zh = "过晚" }
modality = "must"
cite = "section 2"
end_inclusive = false
hours = { mon = "08:00-21:00", tue = "", wed = "", thu = "", fri = "", sat = "", sun = "" }
"""
PARTY = """
[[rule]]
id = "party"
kind = "party_rule"
title = { en = "Wrong person", zh = "对象错误" }
modality = "must"
cite = "section 3"
allow_roles = ["debtor"]
deny_roles = ["family"]
"""
REQUIRE = """
[[rule]]
id = "soon"
kind = "require"
title = { en = "Late", zh = "迟" }
modality = "must"
cite = "section 4"
attribute = "recording_delay"
at_most_hours = 48
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "test.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(RuleError) as caught:
        read_pack(written(folder, text))
    assert caught.value.where.startswith("test.toml")
    return str(caught.value)


def test_a_pack_is_read_with_its_rules_and_their_text(tmp_path: Path) -> None:
    pack = read_pack(written(tmp_path, PACK + CAP + HOURS))
    cap, hours = pack.rules
    assert (cap.id, cap.pack_id, cap.effective_from) == ("xx.test.cap", "xx.test", date(2026, 1, 1))
    assert isinstance(cap.spec, CountCap)
    assert cap.spec.max == 3
    assert isinstance(hours.spec, AllowedHours)
    assert hours.spec.hours["mon"] == "08:00-21:00"
    assert cap.text == CAP.strip()
    assert len(pack.sha256) == 64


def test_every_shipped_pack_loads() -> None:
    packs = load_packs()
    assert {
        "cn.gbt_45251",
        "cn.cba_2026",
        "us.reg_f",
        "us.ma",
        "us.nyc",
        "us.dc",
        "us.wv",
        "au.rg_96",
        "kr.pdpa",
        "vn.circular_43",
        "in.rbi_2022",
        "jp.money_lending_21",
        "id.pojk_22",
        "ph.sec_mc18",
        "cl.ley_21320",
        "ru.230_fz",
        "co.ley_2300",
        "house",
    } <= set(packs)


def test_no_shipped_rule_rests_on_memory() -> None:
    assert [rule.id for pack in load_packs().values() for rule in pack.rules if rule.read == "memory"] == []


WRONG = {
    "an unknown key": (CAP + "colour = 1\n", "rule cap", "there is no 'rule.colour'", "use one of"),
    "an unknown key in a filter": (CAP.replace("{ channel =", "{ chanel ="), "rule cap", "events.chanel", "channel"),
    "an unknown kind": (CAP.replace('"count_cap"', '"cap"'), "rule cap", "kind is 'cap'", "count_cap"),
    "an unknown code": (CAP.replace('["call"]', '["phone"]'), "rule cap", "events.channel is 'phone'", "call, sms"),
    "the code for unknown": (
        CAP.replace('{ channel = ["call"] }', '{ outcome = ["unknown"] }'),
        "rule cap",
        "'unknown'",
        "no_answer",
    ),
    "an unknown scope": (CAP.replace('["person"]', '["house"]'), "rule cap", "scope is 'house'", "lender, agency"),
    "an unknown window": (CAP.replace('"day"', '"year"'), "rule cap", "window.unit is 'year'", "local_date"),
    "a window without length": (
        CAP.replace('"day"', '"local_date"'),
        "rule cap",
        "window.length is missing",
        "add length",
    ),
    "a negative limit": (CAP.replace("max = 3", "max = -1"), "rule cap", "max is -1", "a whole number of 0 or more"),
    "a limit in quotes": (CAP.replace("max = 3", 'max = "3"'), "rule cap", "max is '3'", "a whole number"),
    "a limit that is true": (CAP.replace("max = 3", "max = true"), "rule cap", "max is True", "a whole number"),
    "no limit": (CAP.replace("max = 3\n", ""), "rule cap", "max is missing", "add max"),
    "no cite": (CAP.replace('cite = "section 1"\n', ""), "rule cap", "cite is missing", "add cite"),
    "an empty cite": (CAP.replace('"section 1"', '" "'), "rule cap", "cite is ' '", "not empty"),
    "a title in one language": (CAP.replace(', zh = "过多"', ""), "rule cap", "title.zh is missing", "add zh"),
    "an unknown modality": (CAP.replace('"should"', '"may"'), "rule cap", "modality is 'may'", "presumption"),
    "dates reversed": (
        CAP + "effective_to = 2025-12-31\n",
        "rule cap",
        "effective_to is 2025-12-31",
        "on or after effective_from",
    ),
    "grace before its rule": (
        CAP + "grace_until = 2025-12-31\n",
        "rule cap",
        "grace_until is 2025-12-31",
        "on or after",
    ),
    "a date in quotes": (
        CAP + 'effective_to = "2026-12-31"\n',
        "rule cap",
        "effective_to is '2026-12-31'",
        "a day such as",
    ),
    "a rule from memory": (CAP + 'read = "memory"\n', "rule cap", "read is 'memory'", "primary or secondary"),
    "a bad rule id": (CAP.replace('"cap"', '"Cap 1"'), "test.toml", "id is 'Cap 1'", "a text like"),
    "two rules with one id": (CAP + CAP, "test.toml", "xx.test.cap stands there twice", "dates that do not overlap"),
    "an end before the start": (
        HOURS.replace("08:00-21:00", "22:00-08:00"),
        "rule hours",
        "hours.mon is '22:00-08:00'",
        "later",
    ),
    "a time that is none": (
        HOURS.replace("08:00-21:00", "08:00-24:30"),
        "rule hours",
        "hours.mon is '08:00-24:30'",
        "08:00-21:00",
    ),
    "two windows a day": (
        HOURS.replace("08:00-21:00", "08:00-12:00|11:00-21:00"),
        "rule hours",
        "hours.mon is",
        "times such as",
    ),
    "a day without hours": (HOURS.replace(', sun = ""', ""), "rule hours", "hours.sun is missing", "add sun"),
    "holidays without a calendar": (
        HOURS.replace('sun = ""', 'sun = "", holiday = ""'),
        "rule hours",
        "hours.holiday is ''",
        "no such field",
    ),
    "a calendar of no country": (
        HOURS.replace('sun = "" }', 'sun = "", holiday = "" }\nholiday_calendar = "Mars"'),
        "rule hours",
        "holiday_calendar is 'Mars'",
        "a country",
    ),
    "a role allowed and denied": (
        PARTY.replace('["family"]', '["debtor"]'),
        "rule party",
        "deny_roles is 'debtor'",
        "allow_roles",
    ),
    "an unknown flag": (PARTY + 'stop_flags = ["stop"]\n', "rule party", "stop_flags is 'stop'", "cease_contact"),
    "a delay without hours": (
        REQUIRE.replace("at_most_hours = 48\n", ""),
        "rule soon",
        "at_most_hours is missing",
        "add at_most_hours",
    ),
    "a requirement of nothing": (
        REQUIRE.replace('"recording_delay"\nat_most_hours = 48', '"place"'),
        "rule soon",
        "one_of is []",
        "one_of or none_of",
    ),
    "no rule": ("", "test.toml", "the pack has no rule", "[[rule]]"),
    "an unknown table": (CAP + "[extra]\n", "test.toml", "there is no 'extra'", "use one of pack, rule"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_rule_is_refused_with_its_place_and_what_is_allowed(fault: str, tmp_path: Path) -> None:
    rules, *parts = WRONG[fault]
    told = refusal(tmp_path, PACK + rules)
    assert [part for part in parts if part not in told] == [], told


WRONG_PACKS = {
    "a zone policy": (PACK + 'zones = "UTC"\n', "zones is 'UTC'", "all_candidates, first"),
    "a strength": (PACK.replace('"policy"', '"law"'), "strength is 'law'", "statute"),
    "a grade": (PACK.replace('"primary"', '"heard"'), "read is 'heard'", "primary, secondary, memory"),
    "a jurisdiction": (PACK.replace('"CN"', '"China"'), "jurisdiction is 'China'", "[A-Z]{2}"),
    "dates": (PACK + "effective_to = 2025-01-01\n", "effective_to is 2025-01-01", "on or after"),
    "a day with a time": (
        PACK.replace("verified_on = 2026-11-24", "verified_on = 2026-11-24T10:00:00"),
        "verified_on",
        "a day such as",
    ),
    "an unknown key": (PACK + 'author = "me"\n', "there is no 'pack.author'", "use one of"),
    "an unknown key of applies_to": (
        PACK + "applies_to = { who = [] }\n",
        "there is no 'pack.applies_to.who'",
        "use one of actors, ",
    ),
    "regions as one text": (PACK + 'regions = "MA"\n', "regions is 'MA'", "a list"),
    "a region that is no code": (PACK + 'regions = ["Paris, TX"]\n', "regions", "[A-Z]{2}-"),
    "no version": (PACK.replace('version = "1"\n', ""), "pack.version is missing", "add version"),
}


@pytest.mark.parametrize("fault", WRONG_PACKS)
def test_a_wrong_head_is_refused_with_the_field_and_what_is_allowed(fault: str, tmp_path: Path) -> None:
    text, *parts = WRONG_PACKS[fault]
    told = refusal(tmp_path, text + CAP)
    assert [part for part in parts if part not in told] == [], told


def test_a_file_that_is_not_toml_says_where(tmp_path: Path) -> None:
    assert "not valid TOML" in refusal(tmp_path, PACK + "[[rule]\n")


def test_a_file_that_is_not_utf8_says_so(tmp_path: Path) -> None:
    path = tmp_path / "test.toml"
    path.write_bytes((PACK + CAP).encode("gb18030"))
    with pytest.raises(RuleError, match="not UTF-8"):
        read_pack(path)


def test_a_value_may_be_dated_by_a_second_version_of_the_rule(tmp_path: Path) -> None:
    first = CAP + "effective_to = 2026-06-30\n"
    second = CAP.replace("max = 3", "max = 2") + "effective_from = 2026-07-01\n"
    pack = read_pack(written(tmp_path, PACK + first + second))
    assert [(rule.id, rule.effective_from, rule.effective_to) for rule in pack.rules] == [
        ("xx.test.cap", date(2026, 1, 1), date(2026, 6, 30)),
        ("xx.test.cap", date(2026, 7, 1), None),
    ]


def test_versions_that_share_one_day_are_refused(tmp_path: Path) -> None:
    first = CAP + "effective_to = 2026-07-01\n"
    assert "twice for 2026-07-01" in refusal(tmp_path, PACK + first + CAP + "effective_from = 2026-07-01\n")


def test_two_packs_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(PACK + CAP, encoding="utf-8")
    with pytest.raises(RuleError, match=r"stands in a\.toml as well"):
        load_packs(tmp_path)


def test_a_pack_that_supersedes_nothing_known_is_refused(tmp_path: Path) -> None:
    written(tmp_path, PACK + 'supersedes = "xx.old"\n' + CAP)
    with pytest.raises(RuleError, match=r"'xx\.old', which is no pack"):
        load_packs(tmp_path)


def test_a_withdrawn_pack_may_rest_on_memory(tmp_path: Path) -> None:
    text = PACK.replace('"primary"', '"memory"') + "withdrawn = true\n" + CAP
    assert read_pack(written(tmp_path, text)).rules[0].read == "memory"


def test_the_shipped_coverage_names_every_rule() -> None:
    named = {rule_id for row in load_coverage() for rule_id in row.rules}
    assert named == {rule.id for pack in load_packs().values() for rule in pack.rules}


COVERED = '[[topic]]\njurisdiction = "CN"\ntopic = "calls"\nstate = "covered"\nrules = ["xx.test.cap"]\n'
WRONG_TOPICS = {
    "a rule that is none": (COVERED.replace("cap", "cup"), "'xx.test.cup' is no rule"),
    "a rule that is not named": (
        COVERED.replace('"covered"\nrules = ["xx.test.cap"]', '"not"\nwhy = "x"'),
        "no topic names",
    ),
    "a state": (COVERED.replace('"covered"', '"done"'), "state is 'done'"),
    "partly without a reason": (COVERED.replace('"covered"', '"partly"'), "why is ''"),
    "covered by nothing": (COVERED.replace('["xx.test.cap"]', "[]"), "rules is []"),
    "not covered by a rule": (COVERED.replace('"covered"', '"not"'), "none, where state is not"),
    "an unknown key": (COVERED + "x = 1\n", "there is no 'topic.x'"),
}


@pytest.mark.parametrize("fault", WRONG_TOPICS)
def test_a_wrong_topic_of_the_coverage_is_refused(fault: str, tmp_path: Path) -> None:
    text, part = WRONG_TOPICS[fault]
    written(tmp_path, PACK + CAP)
    (tmp_path / "coverage.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_coverage(tmp_path)
    assert part in str(caught.value)


GUIDE = (PROJECT_ROOT / "docs" / "add-a-rule.md").read_text(encoding="utf-8")


def test_the_worked_example_of_the_guide_loads(tmp_path: Path) -> None:
    example = GUIDE.split("```toml\n")[1].split("```")[0]
    rules = read_pack(written(tmp_path, example)).rules
    assert [rule.spec.max for rule in rules if isinstance(rule.spec, CountCap)] == [2, 1]


def test_the_guide_names_every_field_of_the_shipped_packs() -> None:
    fields: set[str] = set()
    for pack in load_packs().values():
        content = tomllib.loads(pack.path.read_text(encoding="utf-8"))
        fields |= set(content["pack"]) | {key for rule in content["rule"] for key in rule}
    assert {field for field in fields if f"`{field}`" not in GUIDE} == set()


def test_a_pack_is_stale_when_its_oldest_comparison_is_more_than_the_days_ago() -> None:
    """ca.qc was compared on 2026-12-01; 180 days later is 2027-05-30. The lender's own policy is never stale."""
    quebec, house = load_packs()["ca.qc"], load_packs()["house"]
    assert stale_packs([quebec, house], date(2027, 5, 30), 180) == []
    assert stale_packs([quebec, house], date(2027, 5, 31), 180) == [quebec]
    assert stale_sentence([quebec, house], date(2027, 5, 31), 180).endswith("180 days ago: ca.qc (2026-12-01)")
    assert stale_sentence([quebec], date(2027, 5, 30), 180) == ""
