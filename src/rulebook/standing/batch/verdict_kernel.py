"""One pass over entries in the order of their people: sums per place, then the largest row of each person's table.

Compiled; no matrix of people × places is made. Each core takes some thousand people at a time, sums their entries, puts
people of one table together and compares the rows for many of them side by side.
"""

from __future__ import annotations

import numba
import numpy as np

from rulebook.standing.batch.rows import CHOICE, LEAF

# What ``served`` says of a person: the number of her table, or one of these, or −2 − the pattern that lacks a table.
UNSEEN, ODD, LACKING = -1, -(1 << 31), -2
_CHUNK, _LANES, _DEPTH = 4096, 64, 64
# Sums beyond this, and places with less than nothing, are left to the single computation.
_MOST = 1 << 30
# Threads cost more than they save for the people of one page.
ONE_CORE = 4 * _CHUNK


def judge_entries(first, place, day, credits, days, group, looks, steps, served, shortfall, reason):  # type: ignore[no-untyped-def]  # compiled
    """Judge everybody who is unseen or whose table has been made since.

    ``first`` bounds each person's entries; ``days`` are the first and last that count; ``group`` numbers the demands.
    ``looks``: kind by (demands, place), telling kinds, first pattern, table by pattern, most kinds. ``steps``: see
    ``rows``. Fills ``served``, ``shortfall`` (hundredths, rounded up) and ``reason`` (a code of the table).
    """
    people = len(group)
    places, most_kinds = looks[0].shape[1], looks[4][0]
    for chunk in numba.prange((people + _CHUNK - 1) // _CHUNK):
        start, end = chunk * _CHUNK, min(people, (chunk + 1) * _CHUNK)
        sums = np.zeros(places, np.int64)
        kinds, tables = np.zeros((end - start, most_kinds), np.int32), np.full(end - start, -1, np.int64)
        for person in range(start, end):
            if not _is_due(served[person], looks):
                continue
            sums[:] = 0
            for entry in range(first[person], first[person + 1]):
                counts = days[0] <= day[entry] <= days[1]
                sums[place[entry]] += credits[entry] * counts
            served[person] = _classify(sums, group[person], looks, steps, kinds[person - start])
            tables[person - start] = max(served[person], -1)
        _judge_chunk(start, tables, kinds, steps, shortfall, reason)


def judge_sums(sums, group, looks, steps, served, shortfall, reason):  # type: ignore[no-untyped-def]  # compiled
    """The same from kept sums, people × places."""
    people = len(group)
    most_kinds = looks[4][0]
    for chunk in numba.prange((people + _CHUNK - 1) // _CHUNK):
        start, end = chunk * _CHUNK, min(people, (chunk + 1) * _CHUNK)
        kinds, tables = np.zeros((end - start, most_kinds), np.int32), np.full(end - start, -1, np.int64)
        for person in range(start, end):
            if _is_due(served[person], looks):
                served[person] = _classify(sums[person], group[person], looks, steps, kinds[person - start])
                tables[person - start] = max(served[person], -1)
        _judge_chunk(start, tables, kinds, steps, shortfall, reason)


def sum_entries(first, place, day, credits, days, who, sums):  # type: ignore[no-untyped-def]  # compiled
    """Sums per place, hundredths, of some people: one row each."""
    for chunk in numba.prange((len(who) + _CHUNK - 1) // _CHUNK):
        for row in range(chunk * _CHUNK, min(len(who), (chunk + 1) * _CHUNK)):
            person = who[row]
            for entry in range(first[person], first[person + 1]):
                if days[0] <= day[entry] <= days[1]:
                    sums[row, place[entry]] += credits[entry]


@numba.njit(cache=True)
def _is_due(mark, looks):  # type: ignore[no-untyped-def]  # compiled
    return mark == UNSEEN or (mark <= LACKING and mark != ODD and looks[3][LACKING - mark] >= 0)


@numba.njit(cache=True)
def _classify(sums, demands, looks, steps, kinds):  # type: ignore[no-untyped-def]  # compiled
    """Sums per kind into ``kinds``, and which table serves them, as ``served`` says it."""
    kind_of_place, telling, first_pattern, table_of_pattern, _ = looks
    total = 0
    for place in range(len(sums)):
        amount = sums[place]
        if amount < 0 or amount > _MOST:
            return ODD
        kind = kind_of_place[demands, place]
        if kind >= 0:
            total += amount
            if total > _MOST:
                return ODD
            kinds[kind] += amount
    pattern = first_pattern[demands]
    for kind in range(telling[demands]):
        if kinds[kind] > 0:
            pattern += 1 << kind
    table = table_of_pattern[pattern]
    if table < 0:
        return LACKING - pattern
    return ODD if total > steps[2][table] else table


@numba.njit(cache=True)
def _judge_chunk(start, tables, kinds, steps, shortfall, reason):  # type: ignore[no-untyped-def]  # compiled
    """People of one table together, lane by lane; ``tables`` is −1 for whoever is not to be judged."""
    count = len(steps[1])
    bounds = np.zeros(count + 2, np.int64)
    for table in tables:
        bounds[table + 2] += 1
    for table in range(count + 1):
        bounds[table + 1] += bounds[table]
    order = np.empty(len(tables), np.int64)
    for person in range(len(tables)):
        order[bounds[tables[person] + 1]] = person
        bounds[tables[person] + 1] += 1
    lanes = np.zeros((kinds.shape[1], _LANES), np.int32)
    stack = np.zeros((_DEPTH, _LANES), np.int32), np.zeros((_DEPTH, _LANES), np.int64), np.zeros(_DEPTH, np.int64)
    for table in range(count):
        for at in range(bounds[table], bounds[table + 1], _LANES):
            here = min(_LANES, bounds[table + 1] - at)
            for lane in range(here):
                for kind in range(kinds.shape[1]):
                    lanes[kind, lane] = kinds[order[at + lane], kind]
            _largest(table, lanes, steps, stack)
            denominator = steps[1][table]
            for lane in range(here):
                person = start + order[at + lane]
                shortfall[person] = (stack[0][0, lane] + denominator - 1) // denominator
                reason[person] = stack[1][0, lane]


@numba.njit(cache=True)
def _largest(table, lanes, steps, stack):  # type: ignore[no-untyped-def]  # compiled
    """The value of a table for each lane, and the code of the rows that give it (``Table.reason``): stack place 0."""
    first_step, _, _, step, first_row, constant, first_cell, cell_kind, cell_weight = steps
    values, codes, sizes = stack
    value, best = np.empty(_LANES, np.int32), np.empty(_LANES, np.int32)
    code, more = np.empty(_LANES, np.int64), np.empty(_LANES, np.int64)
    top = 0
    for number in range(first_step[table], first_step[table + 1]):
        what, first, second = step[number, 0], step[number, 1], step[number, 2]
        _add_up(stack, top - second - first, top - second, best, code)
        if what == CHOICE:
            _add_up(stack, top - second, top, value, more)
            _add_row(first_row[number], lanes, constant, first_cell, cell_kind, cell_weight, value)
            for lane in range(_LANES):
                if value[lane] > best[lane]:
                    best[lane], code[lane] = value[lane], step[number, 4] + more[lane]
        elif what == LEAF:
            for row in range(first_row[number], first_row[number + 1]):
                value[:] = 0
                _add_row(row, lanes, constant, first_cell, cell_kind, cell_weight, value)
                mark = row - first_row[number] + 1
                for lane in range(_LANES):
                    larger = value[lane] > best[lane]
                    best[lane] = value[lane] if larger else best[lane]
                    code[lane] = mark if larger else code[lane]
        top -= first + second
        values[top], codes[top], sizes[top] = best, code, step[number, 3]
        top += 1


@numba.njit(cache=True)
def _add_up(stack, start, end, value, code):  # type: ignore[no-untyped-def]  # compiled
    """The sum of several parts' values, and their codes as the digits of one."""
    values, codes, sizes = stack
    value[:] = 0
    code[:] = 0
    for part in range(start, end):
        size = sizes[part]
        for lane in range(_LANES):
            value[lane] += values[part, lane]
        for lane in range(_LANES):
            code[lane] = code[lane] * size + codes[part, lane]


@numba.njit(cache=True)
def _add_row(row, lanes, constant, first_cell, cell_kind, cell_weight, value):  # type: ignore[no-untyped-def]  # compiled
    for lane in range(_LANES):
        value[lane] += constant[row]
    for at in range(first_cell[row], first_cell[row + 1]):
        weight, amounts = cell_weight[at], lanes[cell_kind[at]]
        for lane in range(_LANES):
            value[lane] -= weight * amounts[lane]


judge_entries_on_all_cores = numba.njit(parallel=True, cache=True)(judge_entries)
judge_entries_on_one_core = numba.njit(cache=True)(judge_entries)
judge_sums_on_one_core = numba.njit(cache=True)(judge_sums)
judge_sums_on_all_cores = numba.njit(parallel=True, cache=True)(judge_sums)
sum_entries_on_one_core = numba.njit(cache=True)(sum_entries)
sum_entries_on_all_cores = numba.njit(parallel=True, cache=True)(sum_entries)
