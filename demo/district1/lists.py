"""The files in which the rows come: each ward's, the city's and the hotline's, twice a day, in the habits of who writes them.

The diary says what happened when, and of each file how many rows it has and how many of them were there before or cannot
be taken: what arrives can be held against it.
"""

import csv
import hashlib
import io
import os
import unicodedata
from collections import Counter
from datetime import date, timedelta

from august import FIRST_DAY
from reports import BAD_DAYS, CITY, HOTLINE, NAMES_GROUPS, lane
from wards import WARDS
from wave import DAYS

START = date(2021, 6, 1)
MORNING, EVENING = (7, 30), (17, 0)
COLUMNS = ["external_id", "revision", "withdrawn", "disease", "status", "setting", "origin", "link", "onset_day",
           "sample_day", "report_day", "n", "household", "zone_code", "x", "y", "geocode_quality", "note"]
DIARY = ["day", "clock", "what", "source", "file", "options", "complete_until", "received", "duplicate", "rejected",
         "sha256"]
# A catching up after days of silence: source, first and last day without a word. The second begins on a national holiday.
SILENT = [("26761", 49, 56), ("26752", 93, 99)]
HOLIDAY_MISSED = ("26758", 97, EVENING)  # and on that Monday evening one list is still to come


def day_text(day):
    return (START + timedelta(days=day)).isoformat()


class Habit:
    """How a source writes its lists."""

    def __init__(self, source, name, slug, rounds, ward=None, days="%d/%m/%Y", excel=False, mac=False):
        self.source, self.name, self.slug, self.rounds, self.ward = source, name, slug, rounds, ward
        self.days, self.excel, self.mac = days, excel, mac

    def formats(self):
        """As the table source has them."""
        return "{%s}" % self.days.replace("%d", "DD").replace("%m", "MM").replace("%Y", "YYYY")

    def options(self):
        return "FORMAT csv, DELIMITER ';'" if self.excel else "FORMAT csv, HEADER"

    def day(self, number):
        return "" if number is None else (START + timedelta(days=number)).strftime(self.days)

    def cells(self, row):
        row = dict(row, onset_day=self.day(row["onset_day"]), sample_day=self.day(row["sample_day"]),
                   report_day=self.day(row["report_day"]) if row["bad_day"] is None else BAD_DAYS[row["bad_day"]])
        if self.excel:
            row.update(x=row["x"].replace(".", ","), y=row["y"].replace(".", ","))
        return [row[column] for column in COLUMNS]

    def text(self, rows):
        """Excel here saves semicolons, decimal commas, carriage returns and a byte order mark, and this list has no header."""
        out = io.StringIO(newline="")
        table = csv.writer(out, delimiter=";" if self.excel else ",", lineterminator="\r\n" if self.excel else "\n")
        if not self.excel:
            table.writerow(COLUMNS)
        table.writerows(self.cells(row) for row in rows)
        text = unicodedata.normalize("NFD", out.getvalue()) if self.mac else out.getvalue()
        return ("\ufeff" + text if self.excel and rows else text).encode("utf-8")


HABITS = [
    Habit("26734", "Trạm y tế phường Tân Định", "tan-dinh", [MORNING, EVENING]),
    Habit("26737", "Trạm y tế phường Đa Kao", "da-kao", [MORNING], mac=True),
    Habit("26740", "Trạm y tế phường Bến Nghé", "ben-nghe", [EVENING], days="%Y-%m-%d"),
    Habit("26743", "Trạm y tế phường Bến Thành", "ben-thanh", [MORNING]),
    Habit("26746", "Trạm y tế phường Nguyễn Thái Bình", "nguyen-thai-binh", [MORNING], days="%d-%m-%Y"),
    Habit("26749", "Trạm y tế phường Phạm Ngũ Lão", "pham-ngu-lao", [EVENING]),
    Habit("26752", "Trạm y tế phường Cầu Ông Lãnh", "cau-ong-lanh", [EVENING]),
    Habit("26755", "Trạm y tế phường Cô Giang", "co-giang", [MORNING]),
    Habit("26758", "Trạm y tế phường Nguyễn Cư Trinh", "nguyen-cu-trinh", [MORNING, EVENING], excel=True),
    Habit("26761", "Trạm y tế phường Cầu Kho", "cau-kho", [EVENING]),
    Habit(CITY, "Trung tâm Kiểm soát bệnh tật Thành phố", "hcdc", [MORNING, EVENING], days="%Y-%m-%d"),
    Habit(HOTLINE, "Tổng đài 1022", "1022", [EVENING], days="%Y-%m-%d"),
]


class Ledger:
    """What becomes of a row in the order of arrival, as far as it can be told without a map."""

    def __init__(self):
        self.known, self.copies = {}, Counter()

    def count(self, rows):
        counts, copies = Counter(received=len(rows), duplicate=0, rejected=0), Counter()
        for row in rows:
            content = tuple(sorted((key, str(value)) for key, value in row.items()))
            key = row["source"], row["external_id"], row["revision"]
            if row["bad_day"] is not None:
                counts["rejected"] += 1
            elif row["external_id"] == "":
                copies[content] += 1
                counts["duplicate"] += copies[content] <= self.copies[content]
            elif key in self.known:
                counts["duplicate" if self.known[key] == content else "rejected"] += 1
            else:
                self.known[key] = content
        for content, copies_here in copies.items():
            self.copies[content] = max(self.copies[content], copies_here)
        return counts


class Diary:
    def __init__(self, folder, rng, written, answers):
        self.folder, self.rng, self.answers = folder, rng, answers
        self.rows = {habit.source: [] for habit in HABITS}
        for moment, row in written:
            self.rows[row["source"]].append((moment, row))
        self.ledger, self.entries, self.lanes = Ledger(), [], {}
        os.makedirs(os.path.join(folder, "lists"), exist_ok=True)

    def run(self):
        for day in range(DAYS):
            for clock in (MORNING, EVENING):
                self.note(day, clock, "round")
                for habit in HABITS:
                    if clock in habit.rounds and not self.is_silent(habit, day, clock):
                        self.list(habit, day, clock)
                if clock == MORNING and (START + timedelta(days=day)).weekday() == 0:
                    self.found_out(day)
            self.heard(day)
            self.note(day, (18, 0), "evening")
            if day == FIRST_DAY - 2:
                self.note(day, (20, 0), "zones", file="zones_august.csv")
        return self.entries

    def note(self, day, clock, what, **more):
        entry = dict.fromkeys(DIARY, "")
        entry.update(day=day_text(day), clock="%02d:%02d" % clock, what=what, **more)
        self.entries.append(entry)

    @staticmethod
    def is_silent(habit, day, clock):
        return (habit.source, day, clock) == HOLIDAY_MISSED or any(
            habit.source == source and first <= day <= last for source, first, last in SILENT)

    def list(self, habit, day, clock):
        moment = day, clock[0] * 3600 + clock[1] * 60, 0
        waiting = self.rows[habit.source]
        ready = [row for written, row in waiting if written < moment]
        self.rows[habit.source] = waiting[len(ready):]
        until = day_text(day if clock == EVENING else day - 1) if habit.source != HOTLINE else ""
        self.send(habit, day, clock, ready, until, "")
        for row in ready:
            if row["zone_code"].startswith("hẻm"):
                self.lanes.setdefault((row["source"], row["zone_code"]), None)
        # Was it sent? Better send it again.
        if ready and self.rng.chance(15):
            self.send(habit, day, clock, ready, until, "-again")

    def send(self, habit, day, clock, rows, until, again):
        name = "%s-%02d%02d-%s%s.csv" % ((day_text(day),) + clock + (habit.slug, again))
        text = habit.text(rows)
        with open(os.path.join(self.folder, "lists", name), "wb") as out:
            out.write(text)
        self.note(day, clock, "list", source=habit.source, file=name, options=habit.options(), complete_until=until,
                  sha256=hashlib.sha256(text).hexdigest(), **self.ledger.count(rows))

    def heard(self, day):
        """What the wards' people heard at the doors that day."""
        rows = [answer for answer in self.answers if answer[2] == day_text(day)]
        if rows:
            self.table(day, EVENING, "answers", ["zone_code", "name", "day", "value", "source"], rows)

    def found_out(self, day):
        """On Mondays an officer asks the wards what lanes they mean; of half of them nobody can say."""
        rows = []
        for (source, place), _ in sorted(self.lanes.items()):
            number = (int(place.split()[1]) - 2) // 3
            if number % 2 == 0 and self.lanes[source, place] is None:
                self.lanes[source, place] = day
                rows.append((place, "%s-%03d" % (source, number), source))
        if rows:
            self.table(day, (9, 0), "aliases", ["alias", "zone_code", "source"], rows)

    def table(self, day, clock, what, columns, rows):
        name = "%s-%02d%02d-%s.csv" % ((day_text(day),) + clock + (what,))
        out = io.StringIO(newline="")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
        text = out.getvalue().encode("utf-8")
        with open(os.path.join(self.folder, "lists", name), "wb") as file:
            file.write(text)
        self.note(day, clock, what, file=name, options="FORMAT csv, HEADER", sha256=hashlib.sha256(text).hexdigest())


def sources():
    """The table source: who sends, and how it is to be read."""
    for habit in HABITS:
        yield (habit.source, habit.name, habit.source if habit.source in WARDS else "", habit.formats(),
               "true" if habit.excel else "false")


def group_names(groups):
    """The table zone_alias on the first day: what the wards that name their groups call them."""
    for group in groups:
        if group.ward in NAMES_GROUPS:
            number = int(group.code[6:])
            yield "Tổ %d" % number, group.code, group.ward
            yield "Tổ dân phố %d" % number, group.code, group.ward
