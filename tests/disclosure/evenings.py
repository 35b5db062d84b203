#!/usr/bin/python3
"""Prints the psql script of a map's evenings: each day is assessed and announced, and new zones come into force on their day.

    evenings.py MAP FIRST_DAY DAYS [--zones TABLE DAY]
"""

import sys

sys.dont_write_bytecode = True

import argparse
import datetime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("map")
    parser.add_argument("first", type=datetime.date.fromisoformat)
    parser.add_argument("days", type=int)
    parser.add_argument("--zones", nargs=2, metavar=("TABLE", "DAY"))
    arguments = parser.parse_args()
    print("SET client_min_messages = warning;")
    for i in range(arguments.days):
        day = arguments.first + datetime.timedelta(days=i)
        print("SELECT georisk.set_day('%s', '%s', '%s 19:00+07') \\g /dev/null" % (arguments.map, day, day))
        if arguments.zones and arguments.zones[1] == day.isoformat():
            print("BEGIN;\nSELECT georisk.open_draft('%s', 'new') \\g /dev/null" % arguments.map)
            print("SELECT georisk.import_zones('%s', '%s') \\g /dev/null" % (arguments.map, arguments.zones[0]))
            print("SELECT georisk.activate_zones('%s', valid_from => '%s') \\g /dev/null\nCOMMIT;" % (arguments.map, day))
        print("SELECT georisk.announce('%s', georisk.assess('%s')) \\g /dev/null" % (arguments.map, arguments.map))


main()
