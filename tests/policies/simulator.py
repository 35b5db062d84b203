"""One zone and one policy, judged day by day in the obvious way. Written from the published rules and docs/policy-language.md alone.

What is not known is tried out: every value that could tell tiers apart is put in its place, and the verdict is unknown where more
than one tier comes of it. Nothing is shared between one review and the next but the tier in force, how long it is, and what was said.
"""
import datetime
from fractions import Fraction

NEVER = 10 ** 9
STEP = Fraction(1, 1000)

# Inside, a day is its number, Monday the first of January of the year 1 being 1.


class Zone:
    """What is known of a zone: counts[measure][day] = n, homes[measure][day][household] = n, values[name] = [(day, value), ...].

    Days are given as dates. A value of None was set as not known; several values on one day are not known either. complete_until None: all days are.
    """
    def __init__(self, code, population=None, households=None, level=None, parent=None):
        self.code, self.population, self.households, self.level, self.parent = code, population, households, level, parent
        self.counts, self.homes, self.values, self.complete_until = {}, {}, {}, None

    def value(self, name, day, value):
        self.values.setdefault(name, []).append((day.toordinal(), value))

    def report(self, measure, day, n, household=None):
        day = day.toordinal()
        days = self.counts.setdefault(measure, {})
        days[day] = days.get(day, 0) + n
        homes = self.homes.setdefault(measure, {}).setdefault(day, {})
        homes[household] = homes.get(household, 0) + n


class Open(Exception):
    def __init__(self, key, ways):
        super().__init__(key)
        self.key, self.ways = key, ways


class Facts:
    """A zone on a day, with a guess for each thing that is not known."""
    def __init__(self, zone, day, policy, guess, found=None):
        self.zone, self.day, self.policy, self.guess, self.found = zone, day, policy, guess, found

    def back(self, days):
        return Facts(self.zone, self.day - days, self.policy, self.guess, self.found)

    def _guess(self, key, ways):
        key = (key, self.day)
        if key not in self.guess:
            raise Open(key, ways)
        return self.guess[key]

    def _any(self, key):
        return self._guess(key, self.policy.ways(key))

    def _more(self, key, least):
        return self._guess(key, [least] + [way for way in self.policy.ways(key) if way > least])

    def _open(self, lag=0):
        return self.zone.complete_until is not None and self.day - lag > self.zone.complete_until

    def _sum(self, measure, days, lag):
        counts = self.zone.counts.get(measure, {})
        return sum(counts.get(day, 0) for day in range(self.day - lag - days + 1, self.day - lag + 1))

    def count(self, measure, days, lag=0):
        n = self._sum(measure, days, lag)
        return self._more(("count", measure, days, lag), n) if self._open(lag) else n

    def so_far(self, measure):
        n = sum(n for day, n in self.zone.counts.get(measure, {}).items() if day <= self.day)
        return self._more(("all", measure), n) if self._open() else n

    def peak(self, measure, days, within=None):
        """The most in any window that ended on the day or before, or in the last `within` days."""
        counts = self.zone.counts.get(measure, {})
        first = min(counts, default=self.day)
        back = self.day - first + 1 if within is None else within
        n = max([self._sum(measure, days, lag) for lag in range(max(back, 1))] + [0])
        return self._more(("peak", measure, days, within), n) if self._open() else n

    def rate(self, measure, days, lag=0, periods=1, per=100000, of="population"):
        """Cases per so many people (or households), mean of the periods in the window."""
        key = ("rate", measure, days, lag, periods, per, of)
        size = getattr(self.zone, of)
        if not size or size < self.policy.minimum.get(of, 0):
            return self._any(key)
        rate = Fraction(self._sum(measure, days, lag) * per, size * periods)
        return self._more(key, rate) if self._open(lag) else rate

    def homes(self, measure, days):
        """Distinct households; a case of which the household is not known is one of its own."""
        found = {}
        for back in range(days):
            for household, n in self.zone.homes.get(measure, {}).get(self.day - back, {}).items():
                found[household] = found.get(household, 0) + n
        n = found.pop(None, 0) + sum(1 for n in found.values() if n > 0)
        return self._more(("homes", measure, days), n) if self._open() else n

    def since(self, measure):
        counts = self.zone.counts.get(measure, {})
        last = max((day for day, n in counts.items() if n > 0 and day <= self.day), default=None)
        ago = NEVER if last is None else self.day - last
        if not self._open():
            return ago
        return self._guess(("since", measure), sorted({ago} | {d for d in range(self.day - self.zone.complete_until) if d < ago}))

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


def possible(ask, zone, day, policy, found=None):
    """All answers of `ask`, as what is not known may turn out."""
    answers, guesses = set(), [{}]
    while guesses:
        guess = guesses.pop()
        try:
            answers.add(ask(Facts(zone, day, policy, guess, found)))
        except Open as question:
            guesses += [{**guess, question.key: way} for way in question.ways]
    return answers


class Policy:
    """tiers: mildest first, those in `outside` stand outside the order. said(facts, previous): what a review says.

    weekday: of the reviews, Monday 0, None daily. start: 'base' or a tier. worsen: (reviews, at most so many tiers) or None;
    improve: (reviews, stay, at most so many tiers, condition) or None. cuts: the bounds, by what is compared with them, such as {'rate cases': [20, 50]}.
    """
    past = True

    def __init__(self, name, tiers, said, cuts, weekday=None, start="base", worsen=None, improve=None, outside=(), minimum=None, text=None):
        self.name, self.tiers, self.said, self.weekday, self.start, self.worsen, self.improve = name, tiers, said, weekday, start, worsen, improve
        self.cuts, self.outside, self.minimum, self.text = cuts, set(outside), minimum or {}, text
        self.order = [tier for tier in tiers if tier not in self.outside]
        self.tried = {}
        self.kept = max([1] + [rule[0] for rule in (worsen, improve) if rule])

    def ways(self, key):
        """The values that could tell tiers apart: each bound, just below it, and just above it."""
        if key not in self.tried:
            name = key if isinstance(key, str) else f"{key[0]} {key[1]}"
            self.tried[key] = sorted({cut + step for cut in map(Fraction, self.cuts[name]) for step in (-STEP, 0, STEP)
                                       if cut + step >= 0 or name in ("growth", "share")})
        return self.tried[key]

    def rank(self, tier):
        return self.order.index(tier)

    def last_review(self, day):
        return day if self.weekday is None else day - (day - 1 - self.weekday) % 7

    def first_review(self, start):
        return start if self.weekday is None else start + (self.weekday - start + 1) % 7

    def review(self, facts, previous):
        """What a review says, and whether it lets the tier improve."""
        return self.said(facts, previous), not self.improve or not self.improve[3] or self.improve[3](facts)

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

    def days(self, zone, start, first, last):
        """The tier on each day from first to last; reviews began on `start`."""
        start, first, last, found = start.toordinal(), first.toordinal(), last.toordinal(), {}
        review = self.first_review(start)
        # a tier that is given counts as set on the day of the first review, and all reviews before said it
        begin = (None, 0, ()) if self.start == "base" else (self.start, -1, (self.start,) * self.kept)
        state = {begin}
        verdict = None
        if self.last_review(first) < review:  # as if it was the first
            alone = {self.in_force(*one, begin)[0] for one in possible(lambda facts: self.review(facts, begin[0]), zone, self.last_review(first), self)}
            verdict = alone.pop() if len(alone) == 1 else "unknown"
        day = min(first, review)
        while day <= last:
            if day >= review and self.last_review(day) == day:
                said = {tier: possible(lambda facts: self.review(facts, tier), zone, day, self) for tier in {tier for tier, _, _ in state}}
                state = {self.in_force(*one, before) for before in state for one in said[before[0]]}
                tiers = {tier for tier, _, _ in state}
                verdict = tiers.pop() if len(tiers) == 1 else "unknown"
            if day >= first:
                found[datetime.date.fromordinal(day)] = verdict
            day += 1
        return found
