#!/usr/bin/python3
"""Random maps played day by day into a map of georisk: reports, corrections and values as they became known; then days are asked as
they are known now and as they were known, and held to the simulator.

tests/with-server tests/policies/replay.py FIRST_MAP LAST_MAP POLICIES_EACH
"""
import random
import sys

from language import Writer
from maps import DAY, DAYS, Map
from relations import RelatedWriter
from shipped import POLICIES
from simulate import accepted, polygon, psql, rule_text
from simulator import days_of_all

PLAYED = ["us_ca_blueprint_2020", "vn_qd4800_2021", "de_28b_2021", "ph_adar_2022", "vn_qd2686_2021", "us_ny_microcluster_2020"]
MEASURES = ["cases", "community_cases", "positives", "tests", "unknown_source_cases", "known_source_cases"]


def literal(value):
    return "NULL" if value is None else str(value) if isinstance(value, (int, bool)) else f"'{value}'"


def row(*values):
    return "(" + ", ".join(map(literal, values)) + ")"


def played(drawn, leaves):
    """The script that makes the map and plays its days."""
    zones = ", ".join("(" + ", ".join([literal(code), literal(drawn.level[code]), literal(drawn.parent.get(code)), literal(drawn.population[code]),
                                       literal(drawn.households[code]), f"ST_Multi('{polygon(drawn.box[code])}')"]) + ")" for code in drawn.zones)
    script = f"""SET client_min_messages = warning; SET search_path = georisk, public;
DO $$BEGIN IF to_regnamespace('played') IS NOT NULL THEN PERFORM drop_map('played', with_reports => true); END IF; END$$;
SELECT create_map('played', 'alert_counts', srid => 32648, lang => 'en', neighbour_tolerance_m => 8) \\g /dev/null
INSERT INTO played.zone (code, level, parent_code, population, households, geom) VALUES {zones};
SELECT set_day('played', '{drawn.start - 21 * DAY}', '{drawn.start - 21 * DAY} 11:00+07') \\g /dev/null
SELECT activate_zones('played', '{drawn.start}') \\g /dev/null
ALTER TABLE played.report ADD COLUMN kind text;
INSERT INTO played.measure (layer_id, name, filter) SELECT 1, m, jsonb_build_object('kind', jsonb_build_array(m)) FROM unnest('{{{",".join(MEASURES)}}}'::text[]) m
    ON CONFLICT (layer_id, name) DO UPDATE SET filter = excluded.filter;
"""
    last = max(report["known"] for report in drawn.reports)
    day = drawn.start - 21 * DAY
    while day <= last:
        script += f"SELECT set_day('played', '{day}', '{day} 12:00+07') \\g /dev/null\n"
        reports = [r for r in drawn.reports if r["known"] == day]
        if reports:
            script += ("INSERT INTO played.report (source, external_id, revision, withdrawn, report_day, n, household, zone_code, kind) VALUES "
                       + ", ".join(row("lab", str(r["key"]), r["revision"], r["withdrawn"], r["day"], r["n"], r["household"], r["code"], r["measure"]) for r in reports) + ";\n")
        values = [v for v in drawn.values if v["known"] == day or (v["known"] < day and day == drawn.start - 21 * DAY)]
        if values:
            script += "INSERT INTO played.zone_value (zone_code, name, day, value) VALUES " + ", ".join(row(v["code"], v["name"], v["day"], v["value"]) for v in values) + ";\n"
        day += DAY
    return script


def asked(drawn, draw):
    """(day, known at the end of which day or None): now, on the day itself, and some days later."""
    days = [drawn.start + draw.randrange(DAYS) * DAY for _ in range(4)]
    return [(day, known) for day in days for known in (None, day, day + draw.randint(1, 12) * DAY)]


def main():
    first, last, each = map(int, sys.argv[1:4])
    verdicts = unknown = wrong = corrected = 0
    psql("SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS georisk CASCADE")
    for number in range(first, last + 1):
        drawn = Map(f"played {number}", once=True)
        draw = random.Random(f"played policies of map {number}")
        leaves = [code for code in drawn.zones if code not in drawn.parent.values()]
        psql(played(drawn, leaves))
        policies = [policy for policy in POLICIES if policy.name == PLAYED[number % len(PLAYED)]]
        policies += accepted([Writer(draw).policy(f"played_{number}_{i}") for i in range(2 * each)])[:each]
        policies += accepted([RelatedWriter(draw).policy(f"beside_{number}_{i}") for i in range(2 * each)])[:each // 2]
        for policy in policies:
            questions = asked(drawn, draw)
            script = f"SET client_min_messages = warning; SET search_path = georisk, public; SET jit = off; UPDATE played.layer_policy SET policy = {rule_text(policy)};\n"
            for i, (day, known) in enumerate(questions):
                at = f", '{known} 23:00+07'" if known else ""
                script += f"SELECT {i}, code, tier FROM played.zone_risk_at('{day}'{at});\n"
            found = {tuple(line.split("|")[:2]): line.split("|")[2] for line in psql(script)}
            different, policy.crowded = [], {}
            for i, (day, known) in enumerate(questions):
                if policy.related:
                    simulated = days_of_all(policy, drawn.placed_zones(policy.neighbours, known, leaves, tolerance=8), drawn.start, day, day)
                else:
                    simulated = {(code, day): policy.days(zone, drawn.start, day, day)[day] for code, zone in drawn.known_zones(known, leaves).items()}
                now = simulated if not known else now
                corrected += any(now[key] != simulated[key] for key in simulated)
                for code in leaves:
                    verdicts += 1
                    unknown += simulated[code, day] == "unknown"
                    if found.get((str(i), code)) != simulated[code, day] and not (found.get((str(i), code)) == "unknown" and policy.may_be_unknown(code, day)):
                        different.append(f"{code} {day} as known {known}: georisk {found.get((str(i), code))}, simulated {simulated[code, day]}")
            if different:
                wrong += 1
                print(f"policies: played map {number}, {policy.name}: {len(different)} differ", policy.text or "", *different[:8], sep="\n    ")
    psql("SELECT * FROM georisk.verify('played')")
    print(f"policies: maps {first} to {last} played: {verdicts} verdicts, {unknown} of them unknown; {corrected} times another one was known before")
    sys.exit(f"policies: {wrong} times a map and the simulator differ" if wrong else None)


if __name__ == "__main__":
    main()
