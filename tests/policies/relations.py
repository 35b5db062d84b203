"""Random policies that look at neighbours, at what is below a zone and at what it is part of."""
from fractions import Fraction

from language import COMPARE, RUNGS, DAYS, Writer
from simulator import Policy

NEIGHBOURS = [(None, None), ("touching", lambda shared, gap: shared > 0), ("corners", None), ("WITHIN 0 metres", lambda shared, gap: gap <= 0),
              ("WITHIN 7 metres", lambda shared, gap: gap <= 7), ("WITHIN 6.5 metres", lambda shared, gap: gap <= 6.5)]


class RelatedWriter(Writer):
    def touching(self, worse):
        """A neighbour at one of these tiers."""
        tier, or_worse = self.draw.choice(worse), self.draw.random() < 0.5
        self.touched.add((tier, or_worse))
        return f"TOUCHES {'AT LEAST ' if or_worse else ''}{tier}", lambda f: f.touches(tier, or_worse)

    def beside(self, worse):
        """A condition with a neighbour in it."""
        text, holds = self.touching(worse)
        way = self.draw.random()
        if way < 0.5:
            return text, holds
        other, also = self.condition(1)
        if way < 0.7:
            return f"({other}) OR {text}", lambda f: also(f) or holds(f)
        return f"({other}) AND {text}", lambda f: also(f) and holds(f)

    def below(self, order, levels):
        levels = levels or None  # none named: all
        tier, or_worse, op = self.draw.choice(order), self.draw.random() < 0.5, self.draw.choice([">=", ">", "<"])
        words = f"{'AT LEAST ' if or_worse else ''}{tier}"
        if self.draw.random() < 0.6:
            cut = self.draw.choice([0, 10, 30, "33.3", 50, 100])
            self.cut(f"share {tier}", cut)
            return f"SHARE({words}) {op} {cut}{self.draw.choice(['%', ''])}", lambda f: COMPARE[op](f.share(tier, or_worse, levels), Fraction(str(cut)))
        cut = self.draw.choice([0, 1, 2, 4])
        self.cut(f"number of {tier}", cut)
        return f"NUMBER({words}) {op} {cut}", lambda f: COMPARE[op](f.number_of(tier, or_worse, levels), cut)

    def related_lines(self, order, levels=None, grey=False):
        """Worst first; a line may look at neighbours that are worse than it and all below it."""
        lines = []
        for place in range(len(order) - 1, 0, -1):
            if self.draw.random() < 0.2:
                continue
            way = self.draw.random()
            if way < 0.45 and place < len(order) - 1:
                found = self.beside(order[place + 1:])
            elif levels is not None and way < 0.8:
                found = self.below(order, levels)
            else:
                found = self.condition(1)
            lines.append((order[place], *found))
        last = "grey" if grey and self.draw.random() < 0.3 else order[0]
        return ("\n".join([f"  {tier} WHEN {text}" for tier, text, _ in lines] + [f"  {last} OTHERWISE"]),
                lambda f: next((tier for tier, _, holds in lines if holds(f)), last))

    def policy(self, name):
        self.kinds, self.touched = {}, set()
        order = self.draw.choice([RUNGS[:3], ["green", "yellow", "orange", "red"], ["green", "yellow", "red"], RUNGS])
        grey = self.draw.random() < 0.25
        tiers = ["grey"] * grey + order
        weekday = self.draw.choice([None, 0, 4])
        words, near = self.draw.choice(NEIGHBOURS)
        head = [f"POLICY {name}   REVIEW " + ("daily" if weekday is None else f"weekly ON {DAYS[weekday]}"), "TIERS " + ("grey AS none, " if grey else "") + ", ".join(order)]
        lines = ["COUNT cases, positives, tests", "NUMBER cover KEEP 9 days IF MISSING unknown", "YESNO cluster KEEP 6 days IF MISSING unknown",
                 "YESNO open_case KEEP 6 days IF MISSING yes"] + self.write_lets()
        parts = {}
        text = []
        for level, levels in (("commune", None), ("district", ("commune",)), ("province", self.draw.choice([("district",), ()]))):
            if level == "province" and self.draw.random() < 0.2:
                continue
            body, said = self.related_lines(order, levels, grey)
            of = "" if not levels else f" OF {' , '.join(one + self.draw.choice(['', 's']) for one in levels)}"
            text.append(f"FOR {level}{of}\n{body}")
            parts[level] = said
        if len(parts) == 2 and self.draw.random() < 0.6:
            body, parts[None] = self.related_lines(order, None, grey)
            text.append(f"ELSE\n{body}")
        steps = []
        if self.draw.random() < 0.4:  # up to a tier under the one that is touched
            place = self.draw.randrange(len(order) - 1)
            condition, holds = self.touching(order[place + 1:])
            steps.append((f"NOT BELOW {order[place]} WHEN {condition}", lambda f, at, _: max(at, place) if holds(f) else at))
        elif self.draw.random() < 0.4:
            steps.append(self.step(order))
        after, worsen, improve, start = [], None, None, "base"
        if self.past and self.draw.random() < 0.6:
            worsen = (self.draw.randint(1, 2), self.draw.choice([None, 1]))
            after.append(f"WORSEN AFTER {worsen[0]} reviews" + (f" BY {worsen[1]}" if worsen[1] else ""))
        if self.past and self.draw.random() < 0.6:
            improve = (self.draw.randint(1, 2), self.draw.choice([0, 2]), self.draw.choice([None, 1]), None)
            after.append(f"IMPROVE AFTER {improve[0]} reviews" + (f" STAY {improve[1]} reviews" if improve[1] else "") + (f" BY {improve[2]}" if improve[2] else ""))
        above = []
        for _ in range(self.draw.choice([0, 0, 1, 1, 2])):
            which = self.draw.choice(["below", "above"])
            words_when, when = (None, None) if self.draw.random() < 0.5 else self.comparison() if self.draw.random() < 0.6 else self.touching(order)
            above.append((f"NOT {which.upper()} parent" + (f" WHEN {words_when}" if words_when else ""), which, when))
        lines += ["MINIMUM population 300"] * (self.draw.random() < 0.3)
        minimum = {"population": 300} if lines[-1].startswith("MINIMUM") else {}
        if self.touched:
            head += [f"NEIGHBOURS {words}"] * (words is not None)
        elif words:
            near = None
        place_of = {tier: i for i, tier in enumerate(order)}

        def said(f, previous):
            part = parts.get(f.zone.level, parts.get(None))
            if part is None:
                tier = f.any_tier(tiers)
            else:
                tier = part(f)
            if tier not in place_of:
                return tier
            at = place_of[tier]
            for _, change in steps:
                at = change(f, at, place_of.get(previous))
            return order[at]
        written = head + lines + ["BASE"] + text + [one[0] for one in steps] + [one[0] for one in above] + after
        return Policy(name, tiers, said, self.cuts, weekday, start, worsen, improve, ["grey"] if grey else [], minimum, "\n".join(written), neighbours=near,
                      touched=sorted(self.touched), parent_steps=[(which, when) for _, which, when in above], related=True)
