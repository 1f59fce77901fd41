"""Which lines of a table must not stand alone. Pure rules; whoever knows them still learns no small number."""

from __future__ import annotations

from collections.abc import Mapping

FEW = 5


def too_few(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the keys that go into "others" so that no count below FEW is shown or can be worked out.

    Beside the small ones "others" always holds a large one: the last that `counts` names, however large. The next
    smallest would tell too much: who knows that it is at most as large as what is shown can often tell all parts.
    All keys are returned when nothing would be left to stand beside it, or when its sum is the least it can be.
    """
    small = [key for key, count in counts.items() if 0 < count < FEW]
    large = [key for key, count in counts.items() if count >= FEW]
    if not small:
        return frozenset()
    hidden = {*small, *large[-1:]}
    least = len(small) + FEW
    if len(large) < 2 or sum(counts[key] for key in hidden) == least:
        return frozenset(counts)
    return frozenset(hidden)


def of_one_person(counts: Mapping[str, int], people: Mapping[str, frozenset[int]]) -> frozenset[str]:
    """Return the keys that go into "others" so that no line is what one colleague did.

    `people` says who stands behind a key; nobody stands behind one that only has visits without appointment.
    All keys are returned when nothing would be left to stand beside it.
    """
    hidden = [key for key in counts if len(people.get(key, ())) == 1]
    rest = sorted((count, key) for key, count in counts.items() if key not in hidden)
    while hidden and rest and (len(hidden) < 2 or _is_one(hidden, people)):
        hidden.append(rest.pop(0)[1])
    return frozenset(counts) if hidden and not rest else frozenset(hidden)


def _is_one(keys: list[str], people: Mapping[str, frozenset[int]]) -> bool:
    return len(frozenset().union(*(people.get(key, frozenset()) for key in keys))) < 2
