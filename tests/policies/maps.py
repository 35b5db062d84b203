"""Random maps: zones, what was reported of them and when it was corrected, and the values that somebody set."""
import datetime
import math
import random
from fractions import Fraction

from simulator import Zone

DAY = datetime.timedelta(1)

DAYS = 60
NUMBERS = {"cover": ["40", "45.5", "50", "60.5", "66", "70", "71"], "dose1_pct": ["69.9", "70", "70.1", "95"], "elderly_full_pct": ["79.9", "80", "85"],
           "daily_100k": ["0.9", "1", "3", "4", "6.9", "7", "7.1", "9"], "positivity_pct": ["1.9", "2", "4", "5", "7", "8", "8.1"],
           "beds_pct": ["49.9", "50", "50.1", "80"], "spread_pct": ["0", "5", "20", "20.1", "50", "51"]}
ANSWERS = {"cluster": 0.4, "open_case": 0.4, "care_capacity_met": 0.7, "equity_met": 0.7, "one_place": 0.2, "confirmed": 0.8,
           **{name: 0.04 for name in ("unknown_source_cluster", "hard_to_trace_place", "crowded_link", "contacts", "border_pressure", "key_site_beside")}}


class Map:
    def __init__(self, number, zones=30, once=False):
        self.once = once  # no value is set twice on a day
        draw = self.draw = random.Random(f"map {number}")
        self.start = datetime.date(2021, 3, 1) + draw.randrange(400) * DAY
        self.zones = [f"Z{i:02}" for i in range(1, zones + 1)]
        self.population = {code: draw.choice([None, 0, 299] if draw.random() < 0.1 else [300, 1000, 2000, 5000, 5000, 10000, 20000]) for code in self.zones}
        self.households = {code: draw.choice([None, 0, 49] if draw.random() < 0.1 else [50, 73, 200]) for code in self.zones}
        self.reports, self.values = [], []  # dictionaries; later revisions of a report have its key
        for code in self.zones:
            self._draw_reports(code, draw)
            self._draw_values(code, draw)
        self.complete = {code: self.start + draw.randint(5, DAYS) * DAY if draw.random() < 0.4 else None for code in self.zones}
        draw.shuffle(self.reports)
        self._draw_relations(draw)

    def _draw_reports(self, code, draw):
        many, tested = draw.choice([1, 1, 4, 12]), draw.choice([1, 1, 8, 12])  # so that a rate of positive tests comes down to a few per cent
        busy, day = draw.choice([0.02, 0.1, 0.3, 0.7]), self.start - 20 * DAY
        while day < self.start + DAYS * DAY:
            if draw.random() < 0.05:
                busy = draw.choice([0, 0.02, 0.1, 0.3, 0.7])
            for measure in ("cases", "community_cases", "positives", "tests", "unknown_source_cases", "known_source_cases"):
                if draw.random() < (0.8 if measure == "tests" and busy > 0.05 else busy / 20 if measure.endswith("source_cases") else busy):
                    self._draw_report(code, measure, day, 4 * tested if measure == "tests" else many if measure == "cases" else 1, draw)
            day += DAY

    def _draw_relations(self, draw):
        """Four districts of six communes in a province, and a commune that is part of nothing; neighbours on a grid, as lists."""
        communes, districts, province, alone = self.zones[:24], self.zones[24:28], self.zones[28], self.zones[29]
        self.level = {**dict.fromkeys(communes + [alone], "commune"), **dict.fromkeys(districts, "district"), province: "province"}
        self.parent = {**{code: districts[i // 6] for i, code in enumerate(communes)}, **dict.fromkeys(districts, province)}
        self.place = {code: (i % 6, i // 6) for i, code in enumerate(communes)}  # column and row of a commune; districts are rows
        self.place.update({code: (0, i) for i, code in enumerate(districts)})
        self.place[alone] = (6, 0)
        self.box = {code: self._draw_box(code, draw) for code in self.zones}
        self.neighbours = {code: None if draw.random() < 0.03 else [] for code in self.zones}
        for one in self.place:
            for other in self.place:
                across, down = (abs(a - b) for a, b in zip(self.place[one], self.place[other]))
                if one != other and self.level[one] == self.level[other] and max(across, down) == 1 and self.neighbours[one] is not None and draw.random() < 0.9:
                    self.neighbours[one].append((other, *draw.choice([(10, 0), (10, 0), (0, 0), (0, 7), (0, 80)] if across + down == 1 else [(0, 0), (0, 7)])))
            if self.neighbours[one] and draw.random() < 0.1:
                self.neighbours[one].append(("nobody", 5, 0))
            if self.neighbours[one] and draw.random() < 0.3:  # of another level, so no neighbour
                self.neighbours[one].append((draw.choice([code for code in self.zones if self.level[code] != self.level[one]]), 5, 0))

    def _draw_box(self, code, draw):
        """West, south, east, north in metres; some are drawn smaller than their place on the grid."""
        if self.level[code] == "province":
            return 0, 0, 60, 40
        (x, y), less = self.place[code], draw.choice([0, 0, 0, 3])
        return 10 * x + less, 10 * y + less, (60 if self.level[code] == "district" else 10 * x + 10) - less, 10 * y + 10 - less

    def boxes_beside(self, code, tolerance):
        """All other zones of its level with the border shared (or faced across the tolerance) and the gap between, both in metres."""
        west, south, east, north = self.box[code]
        for other in self.zones:
            if other != code and self.level[other] == self.level[code]:
                a, b, c, d = self.box[other]
                across, up = max(a - east, west - c), max(b - north, south - d)
                gap = math.hypot(max(across, 0), max(up, 0))
                yield other, max(-min(across, up), 0) if gap <= tolerance else 0, gap

    def placed_zones(self, near, known=None, among=None, tolerance=0):
        """As known_zones, with neighbours as the zones lie (near None: those within the tolerance), and counted in all that a zone is part of."""
        zones = self.known_zones(known, among)
        for code, zone in zones.items():
            zone.neighbours = [(other, shared, gap) for other, shared, gap in self.boxes_beside(code, tolerance) if near or gap <= tolerance]
        for report in self.current(known):
            code, household = report["code"], report["household"]
            while code in self.parent and not (among and report["code"] not in among):
                code = self.parent[code]
                zones[code].report(report["measure"], report["day"], report["n"], household and (report["code"], household.strip()))
        return zones

    def _draw_report(self, code, measure, day, times, draw):
        key = len(self.reports)
        report = dict(key=key, revision=1, known=day + draw.choice([0, 0, 1, 1, 2, 5]) * DAY, code=code, measure=measure, day=day,
                      n=draw.choice([1, 1, 1, 2, 3, 0]) * times, household=draw.choice([None, "1", "2", "3", "4", " 4"]), withdrawn=False)
        self.reports.append(report)
        while draw.random() < 0.12:
            report = dict(report, revision=report["revision"] + 1, known=report["known"] + draw.choice([1, 3, 10]) * DAY)
            report.update(draw.choice([dict(withdrawn=True), dict(n=report["n"] + 1), dict(code=draw.choice(self.zones)),
                                       dict(day=report["day"] + draw.choice([-3, -1, 1, 2]) * DAY), dict(household="9", withdrawn=False)]))
            self.reports.append(report)

    def _draw_values(self, code, draw):
        for name, choices in {**NUMBERS, **ANSWERS}.items():
            if draw.random() < 0.06:
                continue
            gap = draw.choice([(5, 7), (5, 7), (7, 7), (3, 12)])
            day = self.start - draw.randrange(12) * DAY
            while day < self.start + DAYS * DAY:
                value = draw.choice(choices) if name in NUMBERS else "yes" if draw.random() < choices else "no"
                self.values.append(dict(code=code, name=name, day=day, value=value, known=day))
                if not self.once and draw.random() < 0.02:
                    self.values.append(dict(self.values[-1], value="55" if name in NUMBERS else "no"))
                day += draw.randint(*gap) * DAY

        for back in range(-DAYS, 120):  # a calendar: days that do not count
            if draw.random() < 0.12:
                self.values.append(dict(code=code, name="holidays", day=self.start - back * DAY, value=draw.choice(["yes", "yes", "yes", "no"]), known=self.start - 130 * DAY))

    def current(self, known=None):
        """The reports that count, as known at the end of a day: the highest revision of each, and not withdrawn."""
        latest = {}
        for report in self.reports:
            if known is None or report["known"] <= known:
                if report["key"] not in latest or latest[report["key"]]["revision"] < report["revision"]:
                    latest[report["key"]] = report
        return [report for report in latest.values() if not report["withdrawn"]]

    def known_zones(self, known=None, among=None):
        """Each zone with what is reported and set; `among` are those that reports can name."""
        zones = {code: Zone(code, self.population[code], self.households[code], self.level[code], self.parent.get(code)) for code in self.zones}
        for code, zone in zones.items():
            zone.neighbours = self.neighbours[code]
        for report in self.current(known):
            household = report["household"]
            if among and report["code"] not in among:
                continue
            zones[report["code"]].report(report["measure"], report["day"], report["n"], household and household.strip())
        for value in self.values:
            if known is None or value["known"] <= known:
                read = Fraction(value["value"]) if value["name"] in NUMBERS else value["value"] == "yes"
                zones[value["code"]].value(value["name"], value["day"], read)
        return zones
