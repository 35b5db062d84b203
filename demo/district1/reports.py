"""What reaches the district of a wave: late, twice, corrected, withdrawn, with and without a place."""

from datetime import date, timedelta

from people import degrees
from wave import DAYS

START = date(2021, 6, 1)
COLUMNS = ["source", "external_id", "revision", "recorded_at", "withdrawn", "disease", "status", "setting", "origin",
           "link", "onset_day", "sample_day", "report_day", "n", "household", "zone_code", "lon", "lat",
           "geocode_quality", "note"]


def day_text(day):
    return (START + timedelta(days=day)).isoformat()


class Reporter:
    def __init__(self, rng, groups):
        self.rng, self.groups = rng, groups
        self.numbers = {"hcdc": 2100, "ward": 0, "hotline": 0}
        self.rows = []  # ((day, second), row)

    def report(self, case):
        rng = self.rng
        onset = case.day
        sample = onset + rng.between(0, 2)
        seen = sample + rng.pick([0, 1, 1, 1, 2])
        if (START + timedelta(days=seen)).weekday() == 6 and rng.chance(700):
            seen += 1  # laboratories send little on Sundays
        if seen >= DAYS:
            return
        source = rng.pick(["hcdc"] * 13 + ["ward"] * 6 + ["hotline"])
        row = {"source": source, "external_id": self.number(source), "revision": 1, "withdrawn": "false",
               "disease": "covid-19", "status": self.often("confirmed", 955, ["probable", "suspected", "discarded"]),
               "setting": self.often("residence", 955, ["visited", "isolation", "isolation", "hospital", ""]),
               "origin": self.often("community", 970, ["imported", "imported", ""]),
               "link": rng.pick(["known", "known", "unknown", ""]),
               "onset_day": day_text(onset) if rng.chance(800) else "", "sample_day": day_text(sample),
               "report_day": day_text(seen), "n": 1, "household": "hộ %d" % case.household, "note": ""}
        self.place(row, case)
        recorded = seen + (rng.between(5, 25) if rng.chance(60) else rng.pick([0, 0, 0, 0, 1, 1, 2]))
        if recorded > seen + 2:
            row["note"] = "bổ sung"
        self.send(row, recorded)
        self.afterwards(row, case, recorded)

    def number(self, source):
        self.numbers[source] += 1
        return {"hcdc": "BN%d", "ward": "P%05d", "hotline": "1022-%d"}[source] % self.numbers[source]

    def often(self, usual, permille, others):
        return usual if self.rng.chance(permille) else self.rng.pick(others)

    def place(self, row, case):
        rng = self.rng
        group = self.groups[case.group]
        home = group.home(case.household)[0]
        draw = rng.below(1000)
        code, point, quality = group.code, home, rng.pick(["exact", "address", "address"])
        if draw < 90:
            code = ""
        elif draw < 200:
            point, quality = None, "unmatched"
        elif draw < 215:
            code, point, quality = "", None, "unmatched"
            row["note"] = "địa chỉ không rõ"
        elif draw < 227:
            code = ""
            point = rng.pick([(-40000, 250000), (20000, 330000), (300000, 60000), (150000, -20000)])
            point = point[0] + rng.between(-9000, 9000), point[1] + rng.between(-9000, 9000)
        elif draw < 229:
            code, point, quality = "", (-1066817000, -107536000), ""  # the geocoder's 0, 0
        elif draw < 237:
            code, quality = "", "ward"
            ward = [other for other in self.groups if other.ward == group.ward]
            point = ward[len(ward) // 2].middle()
        elif draw < 241:
            code, point, quality = "%s-%03d" % (group.ward, rng.between(500, 999)), None, "unmatched"
        elif draw < 260:
            other = self.groups[rng.pick(group.neighbours)]
            point, quality = other.point(rng), "street"
        row["zone_code"] = code
        row["lon"], row["lat"] = degrees(point) if point else ("", "")
        row["geocode_quality"] = quality

    def send(self, row, day):
        second = self.rng.between(7 * 3600, 20 * 3600)
        clock = "%02d:%02d:%02d" % (second // 3600, second // 60 % 60, second % 60)
        row = dict(row, recorded_at="%s %s+07" % (day_text(day), clock))
        self.rows.append(((day, second, len(self.rows)), row))

    def afterwards(self, row, case, recorded):
        """Duplicates, corrections and withdrawals."""
        rng = self.rng
        if rng.chance(22):
            self.send(row, recorded + rng.between(0, 4))
        if rng.chance(12):
            self.send(dict(row, revision=2, withdrawn="true", note="rút: trùng người"), recorded + rng.between(1, 9))
            return
        revision = 1
        while rng.chance(75 if revision == 1 else 150) and revision < 3:
            revision += 1
            row = dict(row, revision=revision, note="đính chính")
            draw = rng.below(100)
            if draw < 40:
                row["status"] = "confirmed"
            elif draw < 60:
                self.place(row, case)
            elif draw < 75:
                row["setting"] = "isolation"
            elif draw < 90:
                row["onset_day"] = day_text(case.day)
            else:
                row["link"] = "known"
            # Now and then a correction overtakes what it corrects.
            self.send(row, max(0, recorded + rng.between(-1, 9)))

    def lists(self, cases):
        """Now and then a ward sends a count without names."""
        for case in cases:
            seen = min(case.day + 2, DAYS - 1)
            row = {"source": "ward", "external_id": self.number("ward"), "revision": 1, "withdrawn": "false",
                   "disease": "covid-19", "status": "confirmed", "setting": "", "origin": "community", "link": "",
                   "onset_day": "", "sample_day": "", "report_day": day_text(seen), "n": self.rng.between(2, 4),
                   "household": "", "zone_code": self.groups[case.group].code, "lon": "", "lat": "",
                   "geocode_quality": "", "note": "danh sách tổng hợp"}
            self.send(row, seen)

    def arrived(self):
        """Everything, in the order in which it came in."""
        return [row for _, row in sorted(self.rows, key=lambda entry: entry[0])]
