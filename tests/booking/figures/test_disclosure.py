"""What a reader who knows the rules can work out of the tables, tried on every small world there is."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.figures import FEW, OTHERS, Period, Quarterly
from booking.figures.disclosure import of_one_person, too_few
from booking.figures.report import _Group, _quarterly

pytestmark = pytest.mark.once

KEYS = "abcdef"
LARGEST = 22
SMALL = set(range(1, FEW))
counted = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 12), min_size=1)


def table(counts: dict[str, int]) -> dict[str, int]:
    """Return what is shown of one quarter."""
    hidden = too_few(counts)
    if hidden >= counts.keys():
        return {}
    shown = {key: count for key, count in counts.items() if count and key not in hidden}
    return shown | ({OTHERS: sum(counts[key] for key in hidden)} if hidden else {})


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("zeros_are_known", [False, True])
def test_nobody_can_work_out_a_small_number(size: int, *, zeros_are_known: bool) -> None:
    worlds = defaultdict(list)
    for counts in product(range(LARGEST + 1), repeat=size):
        shown = table(dict(zip(KEYS, counts, strict=False)))
        if shown and sum(counts) <= LARGEST:
            known = tuple(count == 0 for count in counts) if zeros_are_known else ()
            worlds[tuple(shown.items()), sum(counts), known].append(counts)
    for possible in worlds.values():
        for place in range(size):
            values = {counts[place] for counts in possible}
            assert len(values) > 1 or not values & SMALL, possible


@given(counted)
def test_a_table_adds_up_and_shows_nothing_small(counts: dict[str, int]) -> None:
    shown = table(counts)
    assert sum(shown.values()) in (0, sum(counts.values()))
    assert not SMALL & set(shown.values())
    for key in shown.keys() - {OTHERS}:
        assert shown[key] == counts[key]


@given(counted)
def test_others_are_at_least_two(counts: dict[str, int]) -> None:
    hidden = {key for key in too_few(counts) if counts[key]}
    assert len(hidden) != 1 or hidden >= {key for key in counts if counts[key]}


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({}, {}),
        ({"a": 7}, {"a": 7}),
        ({"a": 7, "b": 0}, {"a": 7}),
        ({"a": 7, "b": 5}, {"a": 7, "b": 5}),
        ({"a": 7, "b": 3}, {}),
        ({"a": 7, "b": 9, "c": 3}, {"a": 7, OTHERS: 12}),
        ({"a": 1, "b": 9, "c": 7}, {"b": 9, OTHERS: 8}),
        ({"a": 9, "b": 8, "c": 3, "d": 2}, {"a": 9, OTHERS: 13}),
        ({"a": 9, "b": 4, "c": 4, "d": 4}, {}),
        ({"a": 1, "b": 1, "c": 9, "d": 5}, {}),
        ({"a": 1, "b": 1, "c": 9, "d": 6}, {"c": 9, OTHERS: 8}),
    ],
)
def test_what_is_shown(counts: dict[str, int], shown: dict[str, int]) -> None:
    assert table(counts) == shown


quarters = Period(date(2026, 1, 1), date(2026, 12, 1)).quarters(date(2027, 1, 1))


def over(groups: list[_Group], first: int, last: int) -> Quarterly:
    """Return the table of some quarters in a row."""
    return _quarterly(groups, lambda group: group.topic, quarters[first : last + 1], list(KEYS))


@given(st.lists(counted, min_size=4, max_size=4))
def test_no_two_periods_differ_by_a_small_number(year: list[dict[str, int]]) -> None:
    groups = [
        _Group(quarter.first, "", "", key, "", count)
        for quarter, counts in zip(quarters, year, strict=True)
        for key, count in counts.items()
        if count
    ]
    spans = [(first, last) for first in range(4) for last in range(first, 4)]
    tables = {span: over(groups, *span) for span in spans}
    for (first, last), wide in tables.items():
        for (begin, end), narrow in tables.items():
            if first <= begin and end <= last and not set(wide.withheld) - set(narrow.withheld):
                for key in (wide.counts.keys() & narrow.counts.keys()) - {OTHERS}:
                    assert wide.counts[key] - narrow.counts[key] not in SMALL


@given(st.lists(counted, min_size=4, max_size=4))
def test_a_year_is_what_its_quarters_showed(year: list[dict[str, int]]) -> None:
    groups = [
        _Group(quarter.first, "", "", key, "", count)
        for quarter, counts in zip(quarters, year, strict=True)
        for key, count in counts.items()
        if count
    ]
    whole = over(groups, 0, 3)
    parts = [table({key: counts[key] for key in KEYS if counts.get(key)}) for counts in year]
    shown: Counter[str] = Counter()
    for part in parts:
        shown.update(part)
    for key in whole.counts.keys() - {OTHERS}:
        assert whole.counts[key] == shown[key]
    if whole.counts:
        assert sum(whole.counts.values()) == sum(shown.values())


@pytest.mark.parametrize(
    ("counts", "people", "hidden"),
    [
        ({"a": 5, "b": 9}, {"a": {1, 2}, "b": {1, 2}}, ""),
        ({"a": 5, "b": 9, "c": 7}, {"a": {1}, "b": {1, 2}, "c": {2, 3}}, "ac"),
        ({"a": 5, "b": 9, "c": 7}, {"a": {1}, "b": {1, 2}, "c": {2}}, "ac"),
        ({"a": 5, "b": 9, "c": 7}, {"a": {1}, "b": {1, 2}, "c": {1}}, "abc"),
        ({"a": 5, "b": 9}, {"a": {1}, "b": {1, 2}}, "ab"),
        ({"a": 5, "b": 9}, {"a": {1}, "b": {2}}, "ab"),
        ({"a": 5, "b": 9}, {"a": {1, 2}}, ""),
        ({"a": 5, "b": 1, "c": 8, "d": 9}, {"a": {1}, "c": {1, 2}, "d": {1, 2}}, "abc"),
    ],
)
def test_no_line_is_what_one_person_did(
    counts: dict[str, int], people: dict[str, set[int]], hidden: str
) -> None:
    found = of_one_person(counts, {key: frozenset(hosts) for key, hosts in people.items()})
    assert found == frozenset(hidden)
