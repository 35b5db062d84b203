"""One zone and one policy, judged day by day in the obvious way. Written from the published rules and docs/policy-language.md alone.

What is not known is tried out: every value that could tell tiers apart is put in its place, and the verdict is unknown where more
than one tier comes of it. Nothing is shared between one review and the next but the tier in force, how long it is, and what was said.
"""
import datetime
import itertools
from fractions import Fraction

NEVER = 10 ** 9
STEP = Fraction(1, 1000)
FOLLOWED = 128

# Inside, a day is its number, Monday the first of January of the year 1 being 1.


class Zone:
    """What is known of a zone: counts[measure][day] = n, homes[measure][day][household] = n, values[name] = [(day, value), ...].

    Days are given as dates. A value of None was set as not known; several values on one day are not known either. complete_until None: all days are.
    """
    def __init__(self, code, population=None, households=None, level=None, parent=None):
        self.code, self.population, self.households, self.level, self.parent = code, population, households, level, parent
        self.counts, self.homes, self.values, self.complete_until = {}, {}, {}, None
        self.neighbours = None  # [(code, shared metres, gap in metres), ...]; None = not known

    def value(self, name, day, value):
        self.values.setdefault(name, []).append((day.toordinal(), value))

    def report(self, measure, day, n, household=None):
        day = day.toordinal()
        days = self.counts.setdefault(measure, {})
        days[day] = days.get(day, 0) + n
        homes = self.homes.setdefault(measure, {}).setdefault(day, {})
        homes[household] = homes.get(household, 0) + n


class Open(Exception):
    """Something is not known that matters: the ways in which it may turn out."""
    def __init__(self, key, ways):
        super().__init__(key)
        self.key, self.ways = key, ways


class Unknown:
    """A number that is one of `ways`. What it is compared with tells them apart, as far as that matters."""
    def __init__(self, guess, key, ways):
        self.guess, self.key, self.ways = guess, key, ways

    def _told(self, holds):
        ways = self.guess.get(self.key, self.ways)
        yes = [way for way in ways if holds(way)]
        if yes and len(yes) < len(ways):
            raise Open(self.key, [yes, [way for way in ways if not holds(way)]])
        return bool(yes)

    def __lt__(self, other):
        return self._told(lambda way: way < other)

    def __le__(self, other):
        return self._told(lambda way: way <= other)

    def __gt__(self, other):
        return self._told(lambda way: way > other)

    def __ge__(self, other):
        return self._told(lambda way: way >= other)

    def __eq__(self, other):
        return self._told(lambda way: way == other)


class Facts:
    """A zone on a day, with a guess for each thing that is not known."""
    def __init__(self, zone, day, policy, guess, around=None):
        self.zone, self.day, self.policy, self.guess, self.around = zone, day, policy, guess, around

    def on(self, day):
        return Facts(self.zone, day, self.policy, self.guess, self.around)

    def touches(self, tier, or_worse=False):
        """Whether a neighbour of its level is at the tier, as far as that is settled yet."""
        settled = self.around.settled.get((tier, or_worse))
        if settled is None:
            return False
        return settled[self.zone.code] if settled[self.zone.code] is not None else self._guess(("touches", tier, or_worse), [False, True])

    def number_below(self, tier, or_worse=False, levels=None):
        """How many zones below are at the tier, and of how many; None where there are none."""
        below = [code for code in self.around.below.get(self.zone.code, ()) if levels is None or self.around.zones[code].level in levels]
        at = sum(1 for code in below if self.around.at(self.around.tiers[code], tier, or_worse))
        return (at, len(below)) if below else None

    def number_of(self, tier, or_worse=False, levels=None):
        found = self.number_below(tier, or_worse, levels)
        return found[0] if found else self._any(("number of", tier))

    def share(self, tier, or_worse=False, levels=None):
        found = self.number_below(tier, or_worse, levels)
        return Fraction(100 * found[0], found[1]) if found else self._any(("share", tier))

    def back(self, days):
        return self.on(self.day - days)

    def last_of(self, n, kind):
        """The last n days of a kind up to the day itself, latest first."""
        found, day = [], self.day
        while len(found) < n:
            if self.policy.is_of(self.zone, day, kind):
                found.append(day)
            day -= 1
        return found

    def held(self, n, step, holds):
        """Whether it held on the day and so many times before: `step` days apart, or on days of a kind."""
        days = self.last_of(n, step) if isinstance(step, str) else [self.day - i * step for i in range(n)]
        return (holds(self.on(day)) for day in days)

    def window(self, days, lag):
        """The first and last day of a window; days and lag are plain, or (n, kind)."""
        day = self.day - self.policy.lag
        if isinstance(lag, tuple):
            day = self.on(day - 1).last_of(*lag)[-1]
        else:
            day -= lag
        return (self.on(day).last_of(*days)[-1] if isinstance(days, tuple) else day - days + 1), day

    def _guess(self, key, ways):
        key = (key, self.day)
        if key not in self.guess:
            raise Open(key, ways)
        return self.guess[key]

    def _any(self, key):
        return Unknown(self.guess, (key, self.day), self.policy.ways(key))

    def _more(self, key, least):
        return Unknown(self.guess, (key, self.day), [least] + [way for way in self.policy.ways(key) if way > least])

    def _open(self, last=None):
        return self.zone.complete_until is not None and (self.day - self.policy.lag if last is None else last) > self.zone.complete_until

    def _sum(self, measure, first, last):
        counts = self.zone.counts.get(measure, {})
        return sum(counts.get(day, 0) for day in range(first, last + 1))

    def count(self, measure, days, lag=0):
        first, last = self.window(days, lag)
        n = self._sum(measure, first, last)
        return self._more(("count", measure, days, lag), n) if self._open(last) else n

    def so_far(self, measure):
        n = sum(n for day, n in self.zone.counts.get(measure, {}).items() if day <= self.day - self.policy.lag)
        return self._more(("all", measure), n) if self._open() else n

    def peak(self, measure, days, within=None):
        """The most in any window that ended on the day or before, or in the last `within` days."""
        counts = self.zone.counts.get(measure, {})
        day = self.day - self.policy.lag
        ends = range(min(counts, default=day) if within is None else day - within + 1, day + 1)
        n = max([self._sum(measure, end - days + 1, end) for end in ends] + [0])
        return self._more(("peak", measure, days, within), n) if self._open() else n

    def rate(self, measure, days, lag=0, periods=1, per=100000, of="population"):
        """Cases per so many people (or households), mean of the periods in the window."""
        key = ("rate", measure, days, lag, periods, per, of)
        size = getattr(self.zone, of)
        if not size or size < self.policy.minimum.get(of, 0):
            return self._any(key)
        first, last = self.window(days, lag)
        rate = Fraction(self._sum(measure, first, last) * per, size * periods)
        return self._more(key, rate) if self._open(last) else rate

    def homes(self, measure, days):
        """Distinct households; a case of which the household is not known is one of its own."""
        found = {}
        first, last = self.window(days, 0)
        for day in range(first, last + 1):
            for household, n in self.zone.homes.get(measure, {}).get(day, {}).items():
                found[household] = found.get(household, 0) + n
        n = found.pop(None, 0) + sum(1 for n in found.values() if n > 0)
        return self._more(("homes", measure, days), n) if self._open() else n

    def since(self, measure):
        counts = self.zone.counts.get(measure, {})
        today = self.day - self.policy.lag
        last = max((day for day, n in counts.items() if n > 0 and day <= today), default=None)
        ago = NEVER if last is None else today - last
        if not self._open():
            return ago
        return Unknown(self.guess, (("since", measure), self.day), [0] + [way for way in self.policy.ways(("since", measure)) if 0 < way < ago] + [ago])  # a range, as every number

    def population(self):
        return self._any("population") if self.zone.population is None else self.zone.population

    def entry(self, name, keep=None):
        """The newest value that is not after the day, None where it is too old or not known."""
        days = [day for day, _ in self.zone.values.get(name, ()) if day <= self.day]
        if not days or (keep is not None and self.day - max(days) > keep):
            return None
        found = {value for day, value in self.zone.values[name] if day == max(days)}
        return found.pop() if len(found) == 1 else None

    def number(self, name, keep=None, missing=None):
        value = self.entry(name, keep)
        return value if value is not None else missing if missing is not None else self._any(("number", name))

    def yes(self, name, keep=None, missing=None):
        value = self.entry(name, keep)
        return value if value is not None else missing if missing is not None else self._guess(("yes", name), [False, True])

    def any(self, key):
        return self._any(key)

    def any_tier(self, order):
        return self._guess("tier", order)


def possible(ask, zone, day, policy, around=None):
    """All answers of `ask`, as what is not known may turn out."""
    answers, guesses = set(), [{}]
    while guesses:
        guess = guesses.pop()
        try:
            answers.add(ask(Facts(zone, day, policy, guess, around)))
        except Open as question:
            guesses += [{**guess, question.key: way} for way in question.ways]
    return answers


class Policy:
    """tiers: mildest first, those in `outside` stand outside the order. said(facts, previous): what a review says.

    weekday: of the reviews, Monday 0, None daily. start: 'base' or a tier. worsen: (reviews, at most so many tiers) or None;
    improve: (reviews, stay, at most so many tiers, condition) or None. entered: (tier, enter, delay, leave, delay) worst last, a delay
    being days or (n, kind), leave None = never. kinds: {name: (weekdays, calendar)}. lag: reports are read for so many days earlier.
    later: so many days after a review it is in force. neighbours: function of shared metres and gap, None = all. touched: each (tier, or
    worse) behind a TOUCHES. parent_steps: ('below' or 'above', condition or None) in their order. cuts: the bounds, by what is compared with them, such as {'rate cases': [20, 50]}.
    """
    past = True

    def __init__(self, name, tiers, said, cuts, weekday=None, start="base", worsen=None, improve=None, outside=(), minimum=None, text=None,
                 entered=(), kinds=None, lag=0, later=0, neighbours=None, touched=(), parent_steps=(), related=False):
        self.neighbours, self.touched, self.parent_steps = neighbours, touched, parent_steps
        self.related = related or bool(touched or parent_steps)
        self.entered, self.kinds, self.lag, self.later = entered, kinds or {}, lag, later
        self.name, self.tiers, self.said, self.weekday, self.start, self.worsen, self.improve = name, tiers, said, weekday, start, worsen, improve
        self.cuts, self.outside, self.minimum, self.text = cuts, set(outside), minimum or {}, text
        self.order = [tier for tier in tiers if tier not in self.outside]
        self.tried, self.crowded = {}, {}
        self.kept = max([1] + [rule[0] for rule in (worsen, improve) if rule])

    def ways(self, key):
        """The values that could tell tiers apart: each bound, just below it, and just above it."""
        if key not in self.tried:
            name = key if isinstance(key, str) else f"{key[0]} {key[1]}"
            self.tried[key] = sorted({cut + step for cut in map(Fraction, self.cuts.get(name, ())) for step in (-STEP, 0, STEP)
                                       if cut + step >= 0 or name in ("growth", "share")})
        return self.tried[key]

    def rank(self, tier):
        return self.order.index(tier)

    def last_review(self, day):
        return day if self.weekday is None else day - (day - 1 - self.weekday) % 7

    def first_review(self, start):
        return start if self.weekday is None else start + (self.weekday - start + 1) % 7

    def lets_improve(self, facts):
        return not self.improve or not self.improve[3] or bool(self.improve[3](facts))

    def in_force(self, said, lets_improve, state):
        """After this review: the tier in force, for how many reviews, and what the last ones said."""
        tier, age, before = state
        if tier is None:  # the first review: those before it are taken to have said the same
            return said, 0, (said,) * self.kept
        heard = ((said,) + before)[:self.kept]
        age = min(age + 1, 99)
        if said in self.outside or tier in self.outside:
            return said, age if said == tier else 0, heard
        if said == tier:
            return tier, age, heard
        worse = self.rank(said) > self.rank(tier)
        rule = self.worsen if worse else self.improve
        if rule is None:
            return said, 0, heard
        reviews = heard[:rule[0]]
        if len(reviews) < rule[0] or any(one in self.outside for one in reviews):
            return tier, age, heard
        ranks = [self.rank(one) for one in reviews]
        now = self.rank(tier)
        if worse:
            if min(ranks) <= now:
                return tier, age, heard
            return self.order[min(min(ranks), now + (rule[1] or 99))], 0, heard
        if max(ranks) >= now or age < rule[1] or not lets_improve:
            return tier, age, heard
        return self.order[max(max(ranks), now - (rule[2] or 99))], 0, heard

    def is_of(self, zone, day, kind):
        """Whether a day is of a kind: its weekday is, and the calendar that the zone knows does not except it."""
        weekdays, calendar = self.kinds[kind]
        return (day - 1) % 7 in weekdays and (day, True) not in zone.values.get(calendar, ())

    def begin(self):
        """Before the first review. A tier that is given counts as set at the one before it, and all reviews before said it."""
        if self.entered:
            given = None if self.start == "base" else self.start
            return given, frozenset(one[0] for one in self.entered if given and self.rank(one[0]) <= self.rank(given)), frozenset()
        return (None, 0, ()) if self.start == "base" else (self.start, 0, (self.start,) * self.kept)

    def go_on(self, zone, day, states, around=None):
        """After a review of the day: every state that what is not known may lead to. georisk follows 128 of them one by one; with more
        a tier may be unknown longer than it must, so it is noted from which day on there were."""
        after = self._go_on(zone, day, states, around)
        if len(after) > FOLLOWED:
            self.crowded.setdefault(zone.code, day)
        return after

    def may_be_unknown(self, code, day):
        since = [first for zone, first in self.crowded.items() if zone == code or self.related]
        return bool(since) and min(since) <= day.toordinal()

    def _go_on(self, zone, day, states, around):
        if not self.entered:
            # what a review says and whether it lets the tier improve may each turn out in several ways, apart from each other
            lets = possible(self.lets_improve, zone, day, self, around)
            said = {tier: possible(lambda facts: self.said(facts, tier), zone, day, self, around) for tier in {state[0] for state in states}}
            return {self.in_force(one, improves, state) for state in states for one in said[state[0]] for improves in lets}
        # ENTER and LEAVE of a tier may turn out in several ways, for each tier by itself
        holds = list(itertools.product(*(possible(lambda facts: (bool(enter(facts)), bool(leave and leave(facts))), zone, day, self, around)
                                         for _, enter, _, leave, _ in self.entered)))
        said = {tier: possible(lambda facts: self.said(facts, tier), zone, day, self, around) for tier in {self.on_day(state, day - 1) for state in states}}
        return {self.enter(zone, day, state, (one, conditions)) for conditions in holds for state in states for one in said[self.on_day(state, day - 1)]}

    def enter(self, zone, day, state, review):
        said, conditions = review
        entered, pending = self.effective(state, day)
        for (tier, _, enter_delay, _, leave_delay), (enters, leaves) in zip(self.entered, conditions):
            if any(waiting == tier for waiting, _, _ in pending):
                continue
            if tier not in entered and enters:
                pending |= {(tier, self.delayed(zone, day, enter_delay), True)}
            elif tier in entered and leaves and not enters:
                pending |= {(tier, self.delayed(zone, day, leave_delay), False)}
        return said, entered, pending

    def delayed(self, zone, day, delay):
        if not isinstance(delay, tuple):
            return day + delay
        n, kind = delay
        while n:
            day += 1
            n -= self.is_of(zone, day, kind)
        return day

    def effective(self, state, day):
        _, entered, pending = state
        come = {one for one in pending if one[1] <= day}
        return (entered | {tier for tier, _, enters in come if enters}) - {tier for tier, _, enters in come if not enters}, pending - come

    def on_day(self, state, day):
        """The tier in force on a day after a review, with none between."""
        if not self.entered:
            return state[0]
        said = state[0]
        if said is None or said in self.outside:
            return said
        return max([said, *self.effective(state, day)[0]], key=self.rank)

    def verdict(self, states, day):
        tiers = {self.on_day(state, day) for state in states}
        return tiers.pop() if len(tiers) == 1 else "unknown"

    def days(self, zone, start, first, last):
        """The tier on each day from first to last; reviews began on `start`."""
        start, first, last, found = start.toordinal(), first.toordinal(), last.toordinal(), {}
        review, states = self.first_review(start), {self.begin()}
        reviewed = review - 1
        for day in range(first, last + 1):
            due = self.last_review(day - self.later)
            if due < review:  # as if it was the first
                found[datetime.date.fromordinal(day)] = self.verdict(self.go_on(zone, due, {self.begin()}), day)
                continue
            for next_day in range(reviewed + 1, due + 1):
                if self.last_review(next_day) == next_day:
                    states = self.go_on(zone, next_day, states)
            reviewed = due
            found[datetime.date.fromordinal(day)] = self.verdict(states, day)
        return found


class Around:
    """All zones of a policy with relations, on one review day."""
    def __init__(self, zones, policy):
        self.zones, self.policy, self.settled, self.tiers, self.below = zones, policy, {}, {}, {}
        for code, zone in zones.items():
            if zone.parent:
                self.below.setdefault(zone.parent, []).append(code)

    def at(self, tier, wanted, or_worse):
        """Unknown is at no tier, and what is outside the order only at its own."""
        if tier == wanted:
            return True
        order = self.policy.order
        return or_worse and tier in order and wanted in order and order.index(tier) > order.index(wanted)

    def height(self, code):
        return 1 + max((self.height(child) for child in self.below.get(code, ())), default=-1)

    def settle(self, tier, or_worse, codes):
        found = {}
        for code in codes:
            zone = self.zones[code]
            if zone.neighbours is None:
                found[code] = None
                continue
            found[code] = False
            for other, shared, gap in zone.neighbours:
                neighbour = self.zones.get(other)
                if neighbour and neighbour.level == zone.level and (not self.policy.neighbours or self.policy.neighbours(shared, gap)):
                    found[code] |= self.at(self.tiers.get(other, "unknown"), tier, or_worse)
        self.settled.setdefault((tier, or_worse), {}).update(found)

    def review(self, day, states):
        """The states of all zones after a review: from below, and among zones of a height from worst to best."""
        policy, after = self.policy, {}
        self.settled, self.tiers = {}, {}
        for height in range(1 + max(map(self.height, self.zones))):
            codes, self.settled = [code for code in self.zones if self.height(code) == height], {}

            def judge():
                for code in codes:
                    after[code] = policy.go_on(self.zones[code], day, states[code], self)
                for code in codes:
                    self.tiers[code] = policy.verdict(after[code], day)
            judge()
            worst_first = sorted({tier for tier, _ in policy.touched}, key=policy.rank, reverse=True)
            for tier in worst_first:
                for or_worse in {way for one, way in policy.touched if one == tier}:
                    self.settle(tier, or_worse, codes)
                judge()
        return after

    def from_above(self, day, states, on):
        """The tiers that are shown: parents first, each tier a zone may have with each that its parent may have."""
        shown = {}
        for one in self.policy.touched:
            self.settle(*one, self.zones)
        for code in sorted(self.zones, key=self.height, reverse=True):
            zone, mine = self.zones[code], {self.policy.on_day(state, on) for state in states[code]}
            for which, condition in self.policy.parent_steps:
                if not zone.parent:
                    continue
                holds = possible(lambda facts: condition is None or bool(condition(facts)), zone, day, self.policy, self)
                mine = {self.beside(which, tier, above) if held else tier for tier in mine for above in shown[zone.parent] for held in holds}
            shown[code] = mine
        return {code: tiers.pop() if len(tiers) == 1 else "unknown" for code, tiers in ((code, set(tiers)) for code, tiers in shown.items())}

    def beside(self, which, tier, above):
        order = self.policy.order
        if tier not in order or above not in order:
            return tier
        return (max if which == "below" else min)(tier, above, key=order.index)


def days_of_all(policy, zones, start, first, last):
    """The tier of each zone on each day under a policy with relations: {(code, day): tier}."""
    start, first, last, found = start.toordinal(), first.toordinal(), last.toordinal(), {}
    review, begin = policy.first_review(start), {code: {policy.begin()} for code in zones}
    states, reviewed, around = begin, review - 1, Around(zones, policy)
    for day in range(first, last + 1):
        due = policy.last_review(day - policy.later)
        if due < review:
            around = Around(zones, policy)
            now = around.review(due, begin)
        else:
            for next_day in range(reviewed + 1, due + 1):
                if policy.last_review(next_day) == next_day:
                    around = Around(zones, policy)
                    states = around.review(next_day, states)
            reviewed, now = due, states
        for code, tier in around.from_above(due, now, day).items():
            found[code, datetime.date.fromordinal(day)] = tier
    return found
