"""A wave through the groups, 1 June to 31 October 2021: who fell ill where and when, and what people answered.

Two kinds of events, as in the real lists: single households, anywhere; and outbreaks, in which a group's households fall
ill one after another for two weeks and from which the next outbreak often starts in a neighbouring group.
"""

DAYS = 153

# Events in each week from 1 June on.
SINGLE_HOUSEHOLDS = [5, 7, 11, 18, 29, 47, 77, 122, 176, 236, 290, 335, 360, 352, 305, 240, 170, 110, 66, 40, 23, 14, 9]
OUTBREAKS = [1, 1, 2, 3, 4, 7, 11, 17, 25, 34, 41, 47, 49, 45, 36, 25, 15, 9, 5, 3, 1, 1, 0]


class Case:
    def __init__(self, group, household, day):
        self.group, self.household, self.day = group, household, day


class Wave:
    def __init__(self, rng, groups):
        self.rng, self.groups = rng, groups
        self.cases = []
        self.answers = []  # (group, day, answer): did they have contact with other households?
        self.weights = [group.households for group in groups]
        self.outbreaks = []  # (day, group)

    def run(self):
        single_debt = outbreak_debt = 0
        for day in range(DAYS):
            week, into = divmod(day, 7)
            single_debt += SINGLE_HOUSEHOLDS[week] * (7 - into) + SINGLE_HOUSEHOLDS[min(week + 1, 22)] * into
            outbreak_debt += OUTBREAKS[week] * (7 - into) + OUTBREAKS[min(week + 1, 22)] * into
            while single_debt >= 49:
                single_debt -= 49
                self.single(day)
            while outbreak_debt >= 49:
                outbreak_debt -= 49
                self.outbreak(day)
        return self

    def single(self, day):
        group = self.rng.weighted(self.weights)
        self.household(group, day)
        draw = self.rng.below(100)
        self.answer(group, day + self.rng.between(1, 3), "no" if draw < 92 else "yes" if draw < 96 else None)

    def outbreak(self, day):
        group = self.next_place(day)
        self.outbreaks.append((day, group))
        households = self.rng.between(5, 15)
        lasts = self.rng.between(10, 18)
        for number in range(households):
            begin = day + number * lasts // households + self.rng.below(3)
            self.household(group, begin)
            if number % 4 == 0:
                draw = self.rng.below(100)
                self.answer(group, begin + self.rng.between(1, 2),
                            "yes" if draw < 55 else "no" if draw < 80 else None)
        self.answer(group, day + lasts + self.rng.between(2, 5), "no" if self.rng.chance(850) else None)

    def next_place(self, day):
        recent = [group for begin, group in self.outbreaks if day - 20 <= begin <= day - 3]
        if recent and self.rng.chance(600):
            return self.rng.pick(self.groups[self.rng.pick(recent)].neighbours)
        return self.rng.weighted(self.weights)

    def household(self, group, day):
        household = self.rng.between(1, self.groups[group].households)
        people = self.groups[group].home(household)[1]
        self.cases.append(Case(group, household, day))
        for _ in range(people - 1):
            if self.rng.chance(410):
                self.cases.append(Case(group, household, day + self.rng.below(7)))

    def answer(self, group, day, answer):
        if answer is not None and day < DAYS:
            self.answers.append((group, day, answer))
