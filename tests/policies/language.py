"""Random policies: each piece is the text of it and what it means, (text, function of the facts)."""
import operator
from fractions import Fraction

from simulator import Policy

RUNGS = ["green", "near_green", "yellow", "orange", "red", "dark_red"]
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MEASURES = ["cases", "positives", "tests"]


class Writer:
    """Draws one policy; remembers the cuts that it uses."""
    def __init__(self, draw, past=True):
        self.draw, self.past, self.cuts, self.lets, self.named, self.depth = draw, past, {}, [], [], 0

    def cut(self, name, *numbers):
        self.cuts.setdefault(name, set()).update(Fraction(str(number)) for number in numbers)

    # numbers
    def count(self):
        if self.kinds and self.draw.random() < 0.3:
            days, lag = self.draw.choice([3, 7, (3, "working"), (5, "working")]), self.draw.choice([0, 0, 2, (1, "working"), (4, "working")])
            words = lambda x: f"{x[0]} {x[1]} days" if isinstance(x, tuple) else f"{x} days"
            return (f"cases IN {words(days)}" + (f" LAG {words(lag)}" if lag else ""), lambda f: f.count("cases", days, lag), [0, 1, 2, 3, 4, 6, 9], "count cases")
        days, lag = self.draw.choice([1, 3, 7, 7, 14]), self.draw.choice([0, 0, 0, 7])
        return f"cases IN {days} days" + (f" LAG {lag} days" if lag else ""), lambda f: f.count("cases", days, lag), [0, 1, 2, 3, 4, 6, 9], "count cases"

    def number(self):
        way = self.draw.randrange(9)
        if way < 3:
            return self.count()
        if way == 3:
            days = self.draw.choice([3, 7, 14])
            return f"households WITH cases IN {days} days", lambda f: f.homes("cases", days), [0, 1, 2, 3, 5], "homes cases"
        if way == 4:
            return "days since cases", lambda f: f.since("cases"), [0, 2, 6, 7, 14], "since cases"
        if way == 5:
            within = self.draw.choice([None, 14, 28])
            return (f"PEAK cases IN 7 days" + (f" WITHIN {within} days" if within else ""), lambda f: f.peak("cases", 7, within), [2, 4, 6, 10], "peak cases")
        if way == 6:
            return "ALL cases", lambda f: f.so_far("cases"), [3, 10, 20, 40], "all cases"
        if way == 7:
            return "cover", lambda f: f.number("cover", 9), [40, 50, "60.5", 70], "number cover"
        return self.draw.choice(self.lets)

    def write_lets(self):
        """Rates, growth and shares; each with what a missing one means: None = unknown, 'skip', or a number."""
        days, missing = self.draw.choice([7, 14]), self.draw.choice([None, None, "skip", 5])
        per, words = self.draw.choice([(1, ""), (days, " PER day"), (days // 7, " PER week")])
        lines = [f"LET incidence = cases IN {days} days{words} PER 100000 population"]
        rate = lambda f: f.rate("cases", days, periods=per)
        self.lets.append(("incidence", rate, [0, 20, 50, 100, 150], "rate cases"))
        lines.append("LET of_homes = cases IN 7 days PER 100 households")
        self.lets.append(("of_homes", lambda f: f.rate("cases", 7, per=100, of="households"), [1, 2, 5, 10], "rate cases"))
        words = {None: "unknown"}.get(missing, missing)
        base = self.draw.choice([1, 2, 4])

        def defined_or(let, name):
            def value(f):
                found = let(f)
                return found if found is not None else Fraction(missing) if isinstance(missing, int) else f.any(name)
            return value

        def growth(f):
            now, before = f.count("cases", 7), f.count("cases", 7, 7)
            return None if before < base or not before else 100 * Fraction(now) / before - 100

        def share(f):
            tests = f.count("tests", 7)
            return None if tests == 0 else 100 * Fraction(f.count("positives", 7)) / tests
        lines.append(f"LET growth = 100 * cases IN 7 days / cases IN 7 days LAG 7 days - 100\n    UNLESS cases IN 7 days LAG 7 days < {base} IF MISSING {words}")
        lines.append(f"LET share = 100 * positives IN 7 days / tests IN 7 days IF MISSING {words}")
        self.skipping = {"growth": growth, "share": share} if missing == "skip" else {}
        if missing != "skip":
            self.lets.append(("growth", defined_or(growth, "growth"), [-50, 0, 50, 100], "growth"))
            self.lets.append(("share", defined_or(share, "share"), [10, 25, 50], "share"))
        return lines

    # conditions
    def comparison(self):
        text, value, cuts, name = self.number()
        if self.draw.random() < 0.2:
            low, high = sorted(self.draw.sample([c for c in cuts], 2), key=lambda c: Fraction(str(c))) if len(cuts) > 1 else (cuts[0], cuts[0])
            self.cut(name, low, high)
            a, b = self.draw.choice(["<", "<="]), self.draw.choice(["<", "<="])
            return f"{low} {a} {text} {b} {high}", lambda f: COMPARE[a](Fraction(str(low)), value(f)) and COMPARE[b](value(f), Fraction(str(high)))
        op = self.draw.choice(["<", "<=", ">", ">=", ">", ">=", "="])
        if name.split()[0] in ("count", "peak", "all") and self.draw.random() < 0.3:
            other, theirs, _, _ = self.count()
            return f"2 * {other} {op} {text}", lambda f: COMPARE[op](2 * theirs(f), value(f))
        words = self.draw.choice(cuts)
        number = Fraction(str(words))
        self.cut(name, number)
        return f"{text} {op} {words}", lambda f: COMPARE[op](value(f), number)

    def condition(self, deep=2):
        way = self.draw.random()
        if deep == 0 or way < 0.5:
            return self.comparison()
        if way < 0.58:
            return "cluster", lambda f: f.yes("cluster", 6)
        if way < 0.62:
            return "open_case", lambda f: f.yes("open_case", 6, True)
        if way < 0.66:
            return "MISSING cover", lambda f: f.entry("cover", 9) is None
        if way < 0.70:
            return "days since cases = never", lambda f: f.since("cases") == 10 ** 9
        if way < 0.76:
            text, value = self.condition(deep - 1)
            return f"NOT ({text})", lambda f: not value(f)
        if way < 0.84 and not self.depth:
            self.depth += 1
            n, unit = self.draw.choice([(2, "days"), (3, "days"), (2, "weeks"), (3, "weeks")] + [(2, "working days"), (4, "working days")] * bool(self.kinds))
            text, value = self.condition(deep - 1)
            self.depth -= 1
            step = {"weeks": 7, "days": 1}.get(unit, "working")
            if self.draw.random() < 0.3:
                return f"({text}) ON ANY OF {n} {unit}", lambda f: any(f.held(n, step, value))
            return f"({text}) ON {n} {unit} RUNNING", lambda f: all(f.held(n, step, value))
        parts = [self.condition(deep - 1) for _ in range(self.draw.choice([2, 2, 3]))]
        if way < 0.9:
            k = self.draw.randint(1, len(parts))
            return f"AT LEAST {k} OF ({', '.join(text for text, _ in parts)})", lambda f: sum(bool(value(f)) for _, value in parts) >= k
        word, join = self.draw.choice([("AND", all), ("OR", any)])
        return "(" + f" {word} ".join(f"({text})" for text, _ in parts) + ")", lambda f: join(value(f) for _, value in parts)

    # the base
    def lines(self, tiers):
        lines = [(tier, *self.condition()) for tier in reversed(tiers) if self.draw.random() < 0.8]
        last = self.draw.choice(tiers[:2])

        def said(f):
            return next((tier for tier, _, holds in lines if holds(f)), last)
        return "\n".join([f"  {tier} WHEN {text}" for tier, text, _ in lines] + [f"  {last} OTHERWISE"]), said

    def worst_of(self, tiers):
        metrics = []
        for _ in range(self.draw.randint(1, 3)):
            if self.skipping and self.draw.random() < 0.5:
                name = self.draw.choice(sorted(self.skipping))
                text, value, cuts = name, self.skipping[name], [-50, 10, 25, 50, 100]
            else:
                text, value, cuts, name = self.number()
                while text == "days since cases":
                    text, value, cuts, name = self.number()
                if " " in text:  # a metric is called by a name
                    self.named.append(f"LET metric{len(self.named)} = {text}")
                    text = f"metric{len(self.named) - 1}"
            picked = sorted(self.draw.sample(cuts, min(len(cuts), self.draw.randint(1, 3))), key=lambda c: Fraction(str(c)))[:len(tiers) - 1]
            steps = sorted(self.draw.sample(range(len(tiers)), len(picked) + 1))
            bounds = [(Fraction(str(cut)), self.draw.choice(["<", "<="])) for cut in picked]
            self.cut(name, *picked)
            words = tiers[steps[0]]
            for (cut, side), step, printed in zip(bounds, steps[1:], picked):
                words += f" {'<' if side == '<=' else '<='} {printed} {side} {tiers[step]}"
            metrics.append((f"  {text}: {words}", value, bounds, steps))

        def said(f):
            found = []
            for _, value, bounds, steps in metrics:
                number = value(f)
                if number is None:  # left out
                    continue
                # the bound belongs to the side with <=
                found.append(max([steps[0]] + [step for (cut, side), step in zip(bounds, steps[1:]) if (number >= cut if side == "<=" else number > cut)]))
            return tiers[max(found)] if found else None
        return "WORST OF\n" + "\n".join(text for text, *_ in metrics), said

    def table(self, tiers):
        columns = [self.condition(1) for _ in range(self.draw.randint(1, 2))]
        rows = [self.condition(1) for _ in range(self.draw.randint(1, 3))]
        cells = [[self.draw.choice(tiers) for _ in range(len(columns) + 1)] for _ in range(len(rows) + 1)]

        def said(f):
            row = next((i for i, (_, holds) in enumerate(rows) if holds(f)), len(rows))
            column = next((i for i, (_, holds) in enumerate(columns) if holds(f)), len(columns))
            return cells[row][column]
        lines = ["TABLE | " + " | ".join(text for text, _ in columns) + " | OTHERWISE"]
        for (text, _), row in zip(rows + [(None, None)], cells):
            lines.append(f"  {'WHEN ' + text if text else 'OTHERWISE'} | " + " | ".join(row))
        return "\n".join(lines), said

    def body(self, tiers, cases=True):
        way = self.draw.random()
        if way < 0.35:
            return self.lines(tiers)
        if way < 0.6:
            return self.worst_of(tiers)
        if way < 0.8 or not cases:
            return self.table(tiers)
        branches = [(self.condition(1), self.body(tiers, False)) for _ in range(self.draw.randint(1, 2))]
        last = self.body(tiers, False)

        def said(f):
            return next((body[1](f) for (_, holds), body in branches if holds(f)), None) if any(holds(f) for (_, holds), _ in branches) else last[1](f)
        return "\n".join(f"CASE {text}\n{body[0]}" for (text, _), body in branches) + f"\nELSE\n{last[0]}", said

    def policy(self, name):
        order = [tier for tier in RUNGS if self.draw.random() < 0.7] or RUNGS[:3]
        order = order if len(order) >= 3 else RUNGS[:3]
        grey = self.draw.random() < 0.25
        tiers = ["grey"] * grey + order
        weekday = self.draw.choice([None, None, 0, 4, 6])
        lag, later = self.draw.choice([0, 0, 0, 1, 3]), self.draw.choice([0, 0, 0, 1, 4])
        review = ("daily" if weekday is None else f"weekly ON {DAYS[weekday]}") + (f" LAG {lag} days" if lag else "") + (f" IN FORCE {later} days LATER" if later else "")
        self.kinds = {"working": self.draw.choice([(range(6), "holidays"), (range(5), "holidays"), ((0, 2, 5, 6), None)])} if self.draw.random() < 0.4 else {}
        days = {6: "monday TO saturday", 5: "monday TO friday", 4: "monday, wednesday, saturday TO sunday"}
        lines = [f"POLICY {name}   REVIEW {review}",
                 "TIERS " + ("grey AS none, " if grey else "") + ", ".join(order), "COUNT " + ", ".join(MEASURES),
                 "NUMBER cover KEEP 9 days IF MISSING unknown", "YESNO cluster KEEP 6 days IF MISSING unknown", "YESNO open_case KEEP 6 days IF MISSING yes"]
        lines += [f"DAYS working = {days[len(weekdays)]}" + (f" EXCEPT CALENDAR {calendar}" if calendar else "") for weekdays, calendar in self.kinds.values()]
        lines += self.write_lets()
        minimum = {}
        if self.draw.random() < 0.4:
            minimum["population"] = self.draw.choice([300, 1000])
            lines.append(f"MINIMUM population {minimum['population']}")
        if self.draw.random() < 0.2:
            minimum["households"] = 50
            lines.append("MINIMUM households 50")
        text, base = self.body(order)
        if grey:
            few, is_few = self.comparison()
            text, inner = f"CASE {few}\n  grey OTHERWISE\nELSE\n{text}", base
            if text.count("\nCASE ") or "ELSE\nCASE" in text:  # cases do not nest
                text, base, grey = text.split("\nELSE\n", 1)[1], inner, False
                lines[1] = "TIERS " + ", ".join(order)
            else:
                base = lambda f: "grey" if is_few(f) else inner(f)
        lines.append("BASE" + ("\n" if text.startswith("  ") or text.startswith("CASE") else " ") + text)
        lines[-1:-1] = self.named
        steps = [self.step(order) for _ in range(self.draw.choice([0, 0, 1, 1, 2]))]
        looks_back = any("previous" in words for words, _ in steps)
        worsen = improve = None
        start = "base"
        after = []
        entered = []
        if self.past and self.draw.random() < 0.3:
            for tier in self.draw.sample(order, self.draw.randint(1, min(3, len(order)))):
                enter, leave = self.condition(1), self.condition(1) if self.draw.random() < 0.8 else None
                delays = [self.delay(), self.delay()]
                after.append(f"ENTER {tier} WHEN {enter[0]}" + self.effective(delays[0]))
                if leave:
                    after.append(f"LEAVE {tier} WHEN {leave[0]}" + self.effective(delays[1]))
                entered.append((tier, enter[1], delays[0], leave and leave[1], delays[1]))
        elif self.past and (self.draw.random() < 0.5 or not looks_back):
            n, by = self.draw.randint(1, 3), self.draw.choice([None, 1, 2])
            worsen = (n, by)
            after.append(f"WORSEN AFTER {n} reviews" + (f" BY {by}" if by else ""))
        if self.past and not entered and self.draw.random() < 0.6:
            n, stay, by = self.draw.randint(1, 3), self.draw.choice([0, 0, 2, 3]), self.draw.choice([None, 1])
            words, holds = self.condition(1) if self.draw.random() < 0.4 else (None, None)
            improve = (n, stay, by, holds)
            after.append(f"IMPROVE AFTER {n} reviews" + (f" STAY {stay} reviews" if stay else "") + (f" BY {by}" if by else "") + (f" WHEN {words}" if words else ""))
        if (after or looks_back) and self.draw.random() < 0.5:
            start = self.draw.choice(["base"] + order)
            after.insert(0, f"START AT {start}")
        lines += [words for words, _ in steps] + after
        tiers = ["grey"] * grey + order
        if entered and later:  # what both mean together is not said
            lines[0] = lines[0].replace(f" IN FORCE {later} days LATER", "")
        rank = {tier: i for i, tier in enumerate(order)}

        def said(f, previous):
            tier = base(f)
            if tier is None:  # every metric left out
                tier = f.any_tier(tiers)
            if tier not in rank:
                return tier
            place = rank[tier]
            for _, change in steps:
                place = change(f, place, rank.get(previous))
            return order[place]
        return Policy(name, tiers, said, self.cuts, weekday, start, worsen, improve, ["grey"] if grey else [], minimum, "\n".join(lines),
                      kinds=self.kinds, lag=lag, later=0 if entered else later, entered=entered)

    def delay(self):
        return self.draw.choice([0, 0, 2, 3] + [(1, "working"), (2, "working")] * bool(self.kinds))

    def effective(self, delay):
        return "" if delay == 0 else f"   EFFECTIVE {delay} days LATER" if isinstance(delay, int) else f"   EFFECTIVE {delay[0]} {delay[1]} days LATER"

    def step(self, order):
        """(text, function of the facts, the place of the tier and of the one before, giving the place after)."""
        text, holds = self.condition(1)
        words, spares = self.condition(0) if self.draw.random() < 0.3 else (None, lambda f: False)
        end = f" WHEN {text}" + (f" UNLESS {words}" if words else "")
        applies = lambda f: holds(f) and not spares(f)
        way, limit, n = self.draw.randrange(6 if self.past else 4), self.draw.randrange(len(order)), self.draw.choice([1, 1, 2])
        if way == 0:
            capped = self.draw.random() < 0.5
            top = limit if capped else len(order) - 1
            return (f"RAISE {n}" + (f" NOT ABOVE {order[limit]}" if capped else "") + end,
                    lambda f, place, _: max(place, min(place + n, top)) if applies(f) else place)
        if way == 1:
            capped = self.draw.random() < 0.5
            floor = limit if capped else 0
            return (f"LOWER {n}" + (f" NOT BELOW {order[limit]}" if capped else "") + end,
                    lambda f, place, _: min(place, max(place - n, floor)) if applies(f) else place)
        if way == 2:
            return f"NOT BELOW {order[limit]}" + end, lambda f, place, _: max(place, limit) if applies(f) else place
        if way == 3:
            return f"NOT ABOVE {order[limit]}" + end, lambda f, place, _: min(place, limit) if applies(f) else place
        if way == 4:
            return "NOT BELOW previous" + end, lambda f, place, before: max(place, before) if before is not None and applies(f) else place
        return "NOT ABOVE previous" + end, lambda f, place, before: min(place, before) if before is not None and applies(f) else place
