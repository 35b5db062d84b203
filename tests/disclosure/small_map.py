#!/usr/bin/python3
"""Prints psql: the map `small` of 60 groups in four wards of a district, and the lists of its evenings, from a fixed seed; each evening is
assessed and announced, and tiers and counts are published from the first.

    small_map.py FIRST_DAY DAYS
"""

import sys

sys.dont_write_bytecode = True

import datetime
import random

WARDS, GROUPS = 4, 15


def reports(first, days):
    """(day, group, household, n), in bursts, as households fall ill."""
    chosen = random.Random(2716)
    for group in range(WARDS * GROUPS):
        for burst in range(chosen.choice((0, 0, 1, 1, 2, 3))):
            start = chosen.randrange(days)
            for case in range(chosen.choice((1, 1, 2, 3, 5, 9, 16))):
                day = min(start + chosen.randrange(1 + chosen.choice((3, 8))), days - 1)
                yield first + datetime.timedelta(days=day), group, chosen.randrange(1, 12), 1


def main():
    first, days = datetime.date.fromisoformat(sys.argv[1]), int(sys.argv[2])
    print("""SET client_min_messages = warning;
SELECT georisk.create_map('small', srid => 32648, lang => 'en') \\g /dev/null
INSERT INTO small.zone (code, name, level) VALUES ('D', 'District', 'district');
INSERT INTO small.zone (code, name, parent_code, level) SELECT 'W' || w, 'Ward ' || w, 'D', 'ward' FROM generate_series(0, %d) w;
INSERT INTO small.zone (code, name, parent_code, level, population, households, geom)
SELECT 'G' || lpad(g::text, 2, '0'), 'Group ' || g, 'W' || g / %d, 'group', 160, 40,
	   ST_Multi(ST_MakeEnvelope(600000 + 100 * (g %% 10), 1190000 + 100 * (g / 10), 600100 + 100 * (g %% 10), 1190100 + 100 * (g / 10), 32648))
FROM generate_series(0, %d) g;
SELECT georisk.set_day('small', '%s', '%s 07:00+07') \\g /dev/null
SELECT georisk.activate_zones('small', '%s') \\g /dev/null
SELECT georisk.publish_tiers('small', 'as the notice says') \\g /dev/null
SELECT georisk.publish_counts('small', 'as the notice says') \\g /dev/null""" % (
        WARDS - 1, GROUPS, WARDS * GROUPS - 1, first, first, first - datetime.timedelta(days=60)))
    rows = sorted(reports(first, days))
    for i in range(days):
        day = first + datetime.timedelta(days=i)
        print("SELECT georisk.set_day('small', '%s', '%s 19:00+07') \\g /dev/null" % (day, day))
        of_day = ["('%d', '%s', %d, 'h%d', 'G%02d')" % (number, row[0], row[3], row[2], row[1]) for number, row in enumerate(rows) if row[0] == day]
        if of_day:
            print("INSERT INTO small.report (external_id, report_day, n, household, zone_code) VALUES %s;" % ", ".join(of_day))
        print("SELECT georisk.announce('small', georisk.assess('small')) \\g /dev/null")


main()
