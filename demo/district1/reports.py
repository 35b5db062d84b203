"""What people write down of a wave: late, twice, corrected, withdrawn, with and without a place, with slips of the hand.

A row knows its days as numbers from 1 June; `lists` writes them as each ward does.
"""

from august import FIRST_DAY
from people import degrees
from wave import DAYS

HOTLINE, CITY = "1022", "HCDC"
# These wards know their groups by name; a lane or a building is what the officer has to find out.
NAMES_GROUPS = ("26743", "26752")
SPELLINGS = ["Tổ %d", "tổ %d", "Tổ dân phố %d", "TO %d", "Tổ %02d", "tổ dân phố %d", "to %d"]
LANES = ["Lê Lai", "Cống Quỳnh", "Nguyễn Thái Học", "Đề Thám", "Hàm Nghi"]
NO_NUMBERS = "26761"  # this ward's list has no numbers, so it can neither correct nor withdraw
SWAPPED = ("26749", 41, 54)  # a new clerk there wrote latitude before longitude, 12 to 25 July
BAD_DAYS = ["31/09/2021", "05/13/2021", "hôm qua", "06/09/2121", "06/09/0021"]


def lane(code):
    number = int(code[6:])
    return "hẻm %d %s" % (3 * number + 2, LANES[number % len(LANES)])


class Reporter:
    def __init__(self, rng, groups, august):
        self.rng, self.groups, self.august = rng, groups, august
        self.numbers = {CITY: 2100, HOTLINE: 0}
        self.rows = []  # ((day, second), row)

    def report(self, case):
        rng = self.rng
        onset = case.day
        sample = onset + rng.between(0, 2)
        seen = sample + rng.pick([0, 1, 1, 1, 2])
        if seen % 7 == 5 and rng.chance(700):
            seen += 1  # laboratories send little on Sundays, and 1 June was a Tuesday
        if seen >= DAYS:
            return
        source = rng.pick([self.groups[case.group].ward] * 13 + [CITY] * 6 + [HOTLINE])
        row = {"source": source, "external_id": self.number(source), "revision": 1, "withdrawn": "",
               "disease": "covid-19", "status": self.often("confirmed", 955, ["probable", "suspected", "discarded"]),
               "setting": self.often("residence", 955, ["visited", "isolation", "isolation", "hospital", ""]),
               "origin": self.often("community", 970, ["imported", "imported", ""]),
               "link": rng.pick(["known", "known", "unknown", ""]),
               "onset_day": onset if rng.chance(800) else None, "sample_day": sample, "report_day": seen, "n": 1,
               "household": "hộ %d" % case.household, "note": "", "bad_day": None}
        self.place(row, case)
        recorded = seen + (rng.between(5, 25) if rng.chance(60) else rng.pick([0, 0, 0, 0, 1, 1, 2]))
        if recorded > seen + 2:
            row["note"] = "bổ sung"
        if rng.chance(5):
            self.send(dict(row, bad_day=rng.below(len(BAD_DAYS))), recorded)
            if rng.chance(300):
                return  # nobody ever puts it right
            recorded += rng.between(1, 3)
        self.send(row, recorded)
        self.afterwards(row, case, recorded)

    def number(self, source):
        if source == NO_NUMBERS:
            return ""
        self.numbers[source] = self.numbers.get(source, 0) + 1
        return {CITY: "BN%d", HOTLINE: "1022-%d"}.get(source, "P%05d") % self.numbers[source]

    def often(self, usual, permille, others):
        return usual if self.rng.chance(permille) else self.rng.pick(others)

    def place(self, row, case):
        rng = self.rng
        group = self.groups[case.group]
        home = group.home(case.household)[0]
        draw = rng.below(1000)
        code = self.august.code(group, case.household, row["report_day"])
        point, quality = home, rng.pick(["exact", "address", "address"])
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
        elif draw < 300 and row["source"] in NAMES_GROUPS:
            code, point, quality = lane(group.code), home if draw < 270 else None, ""
        elif group is self.august.gone and row["source"] == CITY and row["report_day"] < FIRST_DAY + 10:
            code, point, quality = group.code, None, ""  # the city's list has not heard of the change yet
        if code == group.code and row["source"] in NAMES_GROUPS:
            code = rng.pick(SPELLINGS) % int(code[6:])
        x, y = degrees(point) if point else ("", "")
        ward, first, last = SWAPPED
        if row["source"] == ward and first <= row["report_day"] <= last or point and rng.chance(3):
            x, y = y, x
        row["zone_code"], row["x"], row["y"], row["geocode_quality"] = code, x, y, quality

    def send(self, row, day):
        self.rows.append(((day, self.rng.between(6 * 3600, 16 * 3600), len(self.rows)), row))

    def afterwards(self, row, case, recorded):
        """Duplicates, slips, corrections and withdrawals."""
        rng = self.rng
        if rng.chance(22):
            self.send(row, recorded + rng.between(0, 4))
        if row["source"] == NO_NUMBERS:
            return
        if rng.chance(3):
            # changed, but not numbered as a correction
            self.send(dict(row, household=row["household"] + "?"), recorded + rng.between(1, 5))
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
                row["onset_day"] = case.day
            else:
                row["link"] = "known"
            # Now and then a correction overtakes what it corrects.
            self.send(row, max(row["report_day"], recorded + rng.between(-1, 9)))

    def counts(self, cases):
        """Now and then a ward sends a count without names."""
        for case in cases:
            seen = min(case.day + 2, DAYS - 1)
            group = self.groups[case.group]
            row = {"source": group.ward, "external_id": self.number(group.ward), "revision": 1, "withdrawn": "",
                   "disease": "covid-19", "status": "confirmed", "setting": "", "origin": "community", "link": "",
                   "onset_day": None, "sample_day": None, "report_day": seen, "n": self.rng.between(2, 4),
                   "household": "", "zone_code": self.august.code(group, case.household, seen), "x": "", "y": "",
                   "geocode_quality": "", "note": "danh sách tổng hợp", "bad_day": None}
            self.send(row, seen)

    def written(self):
        """Everything, in the order in which it was written down."""
        return sorted(self.rows, key=lambda entry: entry[0])
