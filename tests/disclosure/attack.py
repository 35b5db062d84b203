#!/usr/bin/python3
"""What the public can work out of all that a map ever showed it. Fails where that is more than it may be.

    attack.py MAP ROLE --days FIRST LAST [--sets FILE.csv] [--announced FILE.csv] [--programs N]

Reads as ROLE, and as nobody else: the tiers of every day, and all published classes of counts. What a tier means is written here from the
plan that the policy encodes, not asked of the extension. Every number of cases in any window, of every group, ward and
district, and of households in the windows of the plan, gets two intervals: from the tiers alone, and from everything. They must be equal, or
the second at least k - 1 wide. --sets says which groups of the new zones are on the ground of which old ones, which anybody could have seen;
--announced is what was announced (code,day,tier), to see that it was shown; --programs solves that many pairs of linear programs
over the whole district besides.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import collections
import csv
import datetime
import io
import random
import subprocess

import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

NEVER = numpy.float32(1e9)
WEEK, LOOK_BACK = 7, 15

# What each tier of Plan 2716 says: households with a case within the last 7 days, from and to, and cases within the last 15.
SAYS = {
    "green": ((0, 0), (0, 0)),
    "near_green": ((0, 0), (1, None)),
    "yellow": ((1, 1), (None, None)),
    "orange": ((1, 2), (None, None)),
    "red": ((3, None), (None, None)),
}


def ask(role, query):
    text = subprocess.run(["psql", "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1", "-c", 'SET ROLE "%s"' % role, "-c", query],
                          check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    return list(csv.DictReader(io.StringIO(text)))


def day_of(text):
    return datetime.date.fromisoformat(text)


class Shown:
    """Everything that was public, with days as numbers from the first that a tier looks at."""

    def __init__(self, arguments):
        self.first = arguments.days[0] - datetime.timedelta(days=LOOK_BACK - 1)
        self.days = (arguments.days[1] - self.first).days + 1
        self.zones, self.parent, self.tiers = {}, {}, {}
        for row in ask(arguments.role, "SELECT zone_id, day, code, parent_code, zone_set, tier FROM %s.tier_history_public "
                       "WHERE day BETWEEN '%s' AND '%s'" % (arguments.map, *arguments.days)):
            zone = self.zone((row["zone_set"], row["code"]))
            self.parent[zone] = (row["zone_set"], row["parent_code"])
            self.tiers[zone, self.day(row["day"])] = row["tier"]
        self.above, self.classes = {}, collections.defaultdict(dict)
        for row in ask(arguments.role, "SELECT * FROM %s.zone_count_public" % arguments.map):
            key = (row["zone_set"], row["code"])
            window = (self.day(row["counted_from"]), self.day(row["counted_until"]) + 1)
            at_most = int(row["cases_at_most"]) if row["cases_at_most"] else None
            self.classes[window][key] = (int(row["cases_at_least"]), at_most)
            if row["parent_code"]:
                self.above[key] = (row["zone_set"], row["parent_code"])
        self.k = min(int(row["k"]) for row in ask(arguments.role, "SELECT k FROM %s.publication_public WHERE what = 'counts'" % arguments.map))

    def zone(self, key):
        return self.zones.setdefault(key, len(self.zones))

    def day(self, text):
        return (day_of(text) - self.first).days

    def parts(self):
        """The groups of every ward and district, by zone set."""
        found = collections.defaultdict(list)
        for zone, key in self.parent.items():
            while key[1]:
                found[key].append(zone)
                key = self.above.get(key, (key[0], ""))
        return found


def close(bounds):
    """All shortest paths, zone by zone: what the bounds on some windows say of all."""
    for middle in range(bounds.shape[1]):
        numpy.minimum(bounds, bounds[:, :, middle, None] + bounds[:, None, middle, :], out=bounds)
    if (numpy.diagonal(bounds, axis1=1, axis2=2) < 0).any():
        sys.exit("what is shown contradicts itself: the attack needs data without late reports")


def by_tiers(shown):
    """bounds[zone, i, j]: the cases from day i to before day j are at most that; of [j, i], at least minus that."""
    bounds = numpy.full((len(shown.zones), shown.days + 1, shown.days + 1), NEVER, dtype=numpy.float32)
    households = {}
    for day in range(shown.days + 1):
        bounds[:, day, day] = 0
        if day > 0:
            bounds[:, day, day - 1] = 0
    for (zone, day), tier in shown.tiers.items():
        if tier not in SAYS:
            continue
        (least, most), (ever, never) = SAYS[tier]
        households[zone, day] = (least, most)
        says(bounds[zone], day - WEEK + 1, day + 1, least, 0 if most == 0 else None)
        says(bounds[zone], day - LOOK_BACK + 1, day + 1, ever, never)
    return bounds, households


def says(bounds, first, end, least, most):
    if most is not None:
        bounds[first, end] = min(bounds[first, end], most)
    if least:
        bounds[end, first] = min(bounds[end, first], -least)


def link(shown, bounds, rows):
    """Groups on the same ground in both zone sets are one; returns which zone stands for which."""
    same = numpy.arange(len(bounds))
    for row in rows:
        old, new = shown.zones.get((row["old_set"], row["old_code"])), shown.zones.get((row["new_set"], row["new_code"]))
        if old is not None and new is not None:
            same[new] = old
            bounds[old] = numpy.minimum(bounds[old], bounds[new])
    return same


class Everything:
    """What classes say besides, handed up and down the tree until nothing changes."""

    def __init__(self, shown, tiers, same):
        self.shown, self.same = shown, same
        self.bounds = tiers.copy()
        self.parts = shown.parts()
        self.wholes = {}
        while True:
            changed = set()
            for window, classes in shown.classes.items():
                changed |= self.tell(window, classes)
            if not changed:
                return
            rows = numpy.array(sorted(changed))
            closed = self.bounds[rows]
            close(closed)
            self.bounds[rows] = closed

    def narrow(self, zone, window, least, most, changed):
        first, end = window
        zone = self.same[zone]
        if most < self.bounds[zone, first, end] or -least < self.bounds[zone, end, first]:
            says(self.bounds[zone], first, end, least, most)
            changed.add(zone)

    def known(self, zone, window):
        zone = self.same[zone]
        return -self.bounds[zone, window[1], window[0]], self.bounds[zone, window[0], window[1]]

    def tell(self, window, classes):
        changed = set()
        for key, (least, most) in classes.items():
            if key in self.shown.zones:
                self.narrow(self.shown.zones[key], window, least, NEVER if most is None else most, changed)
        zone_sets = {key[0] for key in classes}
        for whole, zones in self.parts.items():
            if whole[0] not in zone_sets:
                continue
            known = [self.known(zone, window) for zone in zones]
            low, high = sum(k[0] for k in known), min(sum(k[1] for k in known), NEVER)
            least, most = classes.get(whole, (0, None))
            least, most = max(low, least), high if most is None else min(high, most)
            for above in [above for above in self.parts if above[0] == whole[0] and set(self.parts[above]) > set(zones)]:
                rest = [self.known(zone, window) for zone in set(self.parts[above]) - set(zones)]
                top = classes.get(above, (0, None))
                least = max(least, top[0] - min(sum(k[1] for k in rest), NEVER))
                most = min(most, NEVER if top[1] is None else top[1] - sum(k[0] for k in rest))
            self.wholes[whole, window] = (least, most)
            for zone, (below, beyond) in zip(zones, known):
                if most < NEVER:
                    self.narrow(zone, window, 0, most - (low - below), changed)
                if high < NEVER:
                    self.narrow(zone, window, max(least - (high - beyond), 0), NEVER, changed)
        return changed


class Verdict:
    def __init__(self, k):
        self.k, self.numbers, self.closer, self.narrow, self.least = k, 0, 0, [], None

    def number(self, name, alone, together):
        """Two intervals (least, most)."""
        self.numbers += 1
        if alone == together:
            return
        self.closer += 1
        width = together[1] - together[0]
        if together[1] < NEVER:
            self.least = width if self.least is None else min(self.least, width)
        if width < self.k - 1:
            self.narrow.append((name, alone, together))


def check_groups(shown, verdict, same, alone, together):
    zones = sorted(set(same))
    before, after = alone[zones], together[zones]
    width = after + after.transpose(0, 2, 1)
    upper = numpy.triu(numpy.ones(after.shape[1:], dtype=bool), 1)
    closer = ((before != after) | (before != after).transpose(0, 2, 1)) & upper
    narrow = closer & (width < verdict.k - 1)
    verdict.numbers += int(upper.sum()) * len(zones)
    verdict.closer += int(closer.sum())
    names = {number: key for key, number in shown.zones.items()}
    for place, i, j in zip(*narrow.nonzero()):
        verdict.narrow.append(((names[zones[place]], i, j), (-before[place, j, i], before[place, i, j]), (-after[place, j, i], after[place, i, j])))
    finite = width[closer & (after < NEVER / 2)]
    if len(finite):
        verdict.least = min(float(finite.min()), verdict.least if verdict.least is not None else NEVER)


def check_households(shown, verdict, same, households, together):
    for (zone, day), (least, most) in households.items():
        bounds = together[same[zone]]
        at_least = -bounds[day + 1, day - WEEK + 1]
        at_most = bounds[day - WEEK + 1, day + 1]
        most = NEVER if most is None else most
        verdict.number(("households", zone, day), (least, most), (max(least, min(at_least, 1)), min(most, at_most)))


def check_wholes(shown, verdict, same, alone, everything):
    for whole, zones in everything.parts.items():
        rows = same[zones]
        before = numpy.minimum(alone[rows].sum(axis=0), NEVER)
        after = numpy.minimum(everything.bounds[rows].sum(axis=0), NEVER)
        for i in range(shown.days):
            for j in range(i + 1, shown.days + 1):
                least, most = everything.wholes.get((whole, (i, j)), (-after[j, i], after[i, j]))
                verdict.number((whole, i, j), (-before[j, i], before[i, j]), (max(least, -after[j, i]), min(most, after[i, j])))


class Program:
    """Everything as one linear program: the cases of each group on each day."""

    def __init__(self, shown, same, everything, merged):
        self.rows, self.columns, self.values, self.limits = [], [], [], []
        self.place = {}
        self.shown, self.same = shown, same
        none = everything.tiers_none
        for zone in sorted(set(same)):
            for day in range(shown.days):
                if not none[zone, day]:
                    self.place[zone, day] = len(self.place)
        for (zone, day), tier in shown.tiers.items():
            if tier in SAYS:
                (least, most), (ever, never) = SAYS[tier]
                self.bound([zone], day - WEEK + 1, day + 1, least, None)
                self.bound([zone], day - LOOK_BACK + 1, day + 1, ever, None)
        for window, classes in shown.classes.items():
            for key, (least, most) in classes.items():
                zones = [shown.zones[key]] if key in shown.zones else everything.parts[key]
                self.bound(zones, *window, least, most)
        for new, olds, until in merged:
            for day in range(until):
                self.equal([new], olds, day)
        self.matrix = coo_matrix((self.values, (self.rows, self.columns)), shape=(len(self.limits), len(self.place))).tocsr()

    def cells(self, zones, first, end):
        return [self.place[self.same[zone], day] for zone in zones for day in range(first, end) if (self.same[zone], day) in self.place]

    def line(self, cells, sign, limit):
        for cell in cells:
            self.rows.append(len(self.limits))
            self.columns.append(cell)
            self.values.append(sign)
        self.limits.append(limit)

    def bound(self, zones, first, end, least, most):
        cells = self.cells(zones, first, end)
        if least:
            self.line(cells, -1, -least)
        if most is not None:
            self.line(cells, 1, most)

    def equal(self, new, olds, day):
        for sign in (1, -1):
            row = len(self.limits)
            self.line(self.cells(new, day, day + 1), sign, 0)
            for cell in self.cells(olds, day, day + 1):
                self.rows.append(row)
                self.columns.append(cell)
                self.values.append(-sign)

    def interval(self, zones, first, end):
        objective = numpy.zeros(len(self.place))
        for cell in self.cells(zones, first, end):
            objective[cell] += 1
        ends = []
        for sign in (1, -1):
            solved = linprog(sign * objective, A_ub=self.matrix, b_ub=self.limits, bounds=(0, None), method="highs")
            if solved.status == 3:
                ends.append(NEVER)
            elif solved.status == 0:
                ends.append(solved.fun * sign)
            else:
                sys.exit("the linear program failed: %s" % solved.message)
        return numpy.ceil(ends[0] - 1e-6), numpy.floor(ends[1] + 1e-6)


def solve(shown, verdict, same, alone, everything, merged, programs):
    """A seeded sample of numbers over the whole district."""
    program = Program(shown, same, everything, merged)
    chosen = random.Random(2716)
    windows = sorted(shown.classes)
    wholes = sorted(everything.parts)
    busy = [zone for zone in sorted(set(same)) if sum((zone, day) in program.place for day in range(shown.days)) > 10]
    for number in range(programs):
        window = chosen.choice(windows)
        zone_set = next(iter(shown.classes[window]))[0]
        kind = number % 4
        if kind == 0:
            zones, name = [chosen.choice(busy)], "group"
        else:
            name = chosen.choice([whole for whole in wholes if whole[0] == zone_set])
            zones = everything.parts[name]
        if kind in (0, 1) or number % 8 == 2:
            first, end = window
        else:
            # beside what was published: the window of a tier, or a day
            days = chosen.choice((1, WEEK, WEEK, LOOK_BACK))
            first = chosen.randrange(max(0, window[0] - 3), min(window[1] + 3, shown.days) - days + 1) if days < LOOK_BACK else max(0, window[0] - 4)
            end = min(first + days, shown.days)
        rows = same[zones]
        before = numpy.minimum(alone[rows].sum(axis=0), NEVER)
        verdict.number(("program", name, zones[:1], first, end), (-before[end, first], before[first, end]), program.interval(zones, first, end))


def check_shown(shown, path):
    """Are the announced tiers of the last day what the public sees?"""
    with open(path, encoding="utf-8", newline="") as announced:
        rows = list(csv.DictReader(announced))
    found = sum(shown.tiers.get((shown.zones.get((row["zone_set"], row["code"])), shown.day(row["day"]))) == row["tier"] for row in rows)
    print("shown: %d of %d announced tiers of groups (%.1f %%)" % (found, len(rows), 100.0 * found / len(rows)))
    if found < 0.95 * len(rows):
        sys.exit("fewer than 95 % of what was announced is shown")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("map")
    parser.add_argument("role")
    parser.add_argument("--days", nargs=2, type=day_of, required=True, metavar=("FIRST", "LAST"))
    parser.add_argument("--sets", metavar="FILE.csv")
    parser.add_argument("--announced", metavar="FILE.csv")
    parser.add_argument("--programs", type=int, default=0)
    arguments = parser.parse_args()
    shown = Shown(arguments)
    if arguments.announced:
        check_shown(shown, arguments.announced)
    classes = sum(len(found) for found in shown.classes.values())
    print("published: %d classes of %d windows, %d of them not the first" % (
        classes, len(shown.classes), sum(least > 0 for found in shown.classes.values() for least, most in found.values())))
    if classes == 0:
        sys.exit("no counts are published: there is nothing to attack")

    rows = []
    if arguments.sets:
        with open(arguments.sets, encoding="utf-8", newline="") as sets:
            rows = list(csv.DictReader(sets))
    alone, households = by_tiers(shown)
    same = link(shown, alone, [row for row in rows if row["what"] == "same"])
    close(alone)
    everything = Everything(shown, alone, same)
    everything.tiers_none = numpy.stack([alone[:, day, day + 1] <= 0 for day in range(shown.days)], axis=1)
    verdict = Verdict(shown.k)
    check_groups(shown, verdict, same, alone, everything.bounds)
    check_households(shown, verdict, same, households, everything.bounds)
    check_wholes(shown, verdict, same, alone, everything)
    print("worked out: %d numbers, %d of them closer than by tiers alone" % (verdict.numbers, verdict.closer))
    merged = []
    for row in rows:
        if row["what"] == "merged":
            new = shown.zones.get((row["new_set"], row["new_code"]))
            olds = [shown.zones.get((row["old_set"], code)) for code in row["old_code"].split()]
            if new is not None and None not in olds:
                merged.append((new, olds, shown.day(row["day"])))
    before = verdict.numbers, verdict.closer
    if arguments.programs:
        solve(shown, verdict, same, alone, everything, merged, arguments.programs)
        print("linear programs: %d numbers, %d of them closer than by tiers alone" % (verdict.numbers - before[0], verdict.closer - before[1]))
    if verdict.closer == 0:
        sys.exit("classes say nothing that tiers do not: there is nothing to attack")
    print("narrowest of those closer: %g wide, where at least %d is asked for" % (verdict.least, verdict.k - 1))
    for name, before, after in verdict.narrow[:20]:
        print("TOO CLOSE: %s: %g to %g by tiers, %g to %g by everything" % (name, *before, *after))
    if verdict.narrow:
        sys.exit("%d numbers are known more closely than they may be" % len(verdict.narrow))


main()
