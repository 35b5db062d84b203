#!/usr/bin/python3
"""Random maps with corrections, judged by georisk and by the simulator: every zone, every day.

tests/with-server tests/policies/simulate.py FIRST_MAP LAST_MAP RANDOM_POLICIES [POLICY ...]
"""
import random
import subprocess
import sys

import profiles
from language import Writer
from maps import DAY, DAYS, Map
from relations import RelatedWriter
from shipped import POLICIES
from simulator import days_of_all

REFUSED = {}


def psql(script):
    run = subprocess.run(["psql", "-XqAt", "-F", "|", "-v", "ON_ERROR_STOP=1"], input=script, text=True, capture_output=True)
    if run.returncode:
        sys.exit(f"policies: {run.stderr}")
    return run.stdout.splitlines()


def cell(value):
    return "\\N" if value is None else str(value)


def tables(drawn):
    """The map as three plain tables, corrections applied."""
    rows = lambda lines: "\n".join("\t".join(map(cell, line)) for line in lines) + "\n\\.\n"
    return ("SET client_min_messages = warning; DROP SCHEMA IF EXISTS simulated CASCADE; CREATE SCHEMA simulated; SET search_path = simulated, georisk, public;\n"
            "CREATE TABLE zone (zone_id integer, code text, population integer, households integer, level text, parent_code text, geom geometry, complete_until date);\nCOPY zone FROM stdin;\n"
            + rows((i, code, drawn.population[code], drawn.households[code], drawn.level[code], drawn.parent.get(code), polygon(drawn.box[code]), drawn.complete[code])
                   for i, code in enumerate(drawn.zones, 1))
            + "CREATE TABLE related (zone_id integer, parent_id integer, level text, neighbours integer[], shared_m float8[], gap_m float8[]);\nCOPY related FROM stdin;\n"
            + rows(related(drawn)) + "CREATE TABLE report (zone_code text, report_day date, measure text, n integer, household text);\nCOPY report FROM stdin;\n"
            + rows((r["code"], r["day"], r["measure"], r["n"], r["household"]) for r in drawn.current())
            + "CREATE TABLE value (zone_code text, name text, day date, value text);\nCOPY value FROM stdin;\n"
            + rows((v["code"], v["name"], v["day"], v["value"]) for v in drawn.values))


def accepted(policies):
    """Those that georisk takes: what was drawn may repeat a condition or leave a line that is never reached."""
    script = ("SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS georisk CASCADE; CREATE FUNCTION pg_temp.refusal(rule text) RETURNS text LANGUAGE plpgsql AS $$BEGIN PERFORM rule::georisk.risk_policy; RETURN ''; "
              "EXCEPTION WHEN syntax_error OR invalid_parameter_value OR program_limit_exceeded THEN RETURN SQLERRM; END$$;\n")
    script += "".join(f"SELECT pg_temp.refusal($rule${policy.text}$rule$);\n" for policy in policies)
    refusals = psql(script)
    for refusal in filter(None, refusals):
        REFUSED[refusal] = REFUSED.get(refusal, 0) + 1
    return [policy for policy, refusal in zip(policies, refusals) if not refusal]


def polygon(box):
    west, south, east, north = box
    return f"SRID=32648;POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def related(drawn):
    """The zones as judge_agg wants them: numbers for codes, and lists of one length."""
    number = {code: i for i, code in enumerate(drawn.zones, 1)}
    listed = lambda values: "{" + ",".join(map(str, values)) + "}"
    for code in drawn.zones:
        near = drawn.neighbours[code]
        lists = [None] * 3 if near is None else [listed(number.get(other, 999) for other, _, _ in near), listed(shared for _, shared, _ in near), listed(gap for _, _, gap in near)]
        yield number[code], number.get(drawn.parent.get(code)), drawn.level[code], *lists


FACTS = """(jsonb_build_object('population', z.population, 'households', z.households)
    || (SELECT jsonb_object_agg(i.name, CASE kind
          WHEN 'count' THEN (SELECT CASE WHEN count(*) > 0 THEN jsonb_build_object('epicurve', epicurve_agg(report_day, n, household)::text) END FROM report
                              WHERE zone_code = code AND measure = i.name)
          WHEN 'number' THEN (SELECT CASE WHEN count(*) > 0 THEN jsonb_build_object('value_series', value_series_agg(day, value::numeric)::jsonb) END FROM value v
                               WHERE v.zone_code = code AND v.name = i.name)
          ELSE (SELECT CASE WHEN count(*) > 0 THEN jsonb_build_object('value_series', value_series_agg(day, value = 'yes')::jsonb) END FROM value v
                 WHERE v.zone_code = code AND v.name = i.name) END)
          FROM policy_inputs(rule) i WHERE i.kind IN ('count', 'number', 'yesno')))::zone_profile"""


def rule_text(policy):
    return f"policy('{policy.name}')" if policy.text is None else f"$rule${policy.text}$rule$::risk_policy"


def by_place(policy):
    """Whether classify finds who is beside whom and counts what is below; else lists are given to judge_agg."""
    return policy.related and (policy.text is None or len(policy.text) % 2 == 0 and any(word in policy.text for word in ("SHARE(", "NUMBER(", " parent")))


def incomplete(policy):
    """Whether reports of its zones are complete only until some day; the simulator compares what is not known, but does not reckon with it."""
    if policy.related or policy.text is None or len(policy.text) % 2:
        return False
    return not any(word in policy.text.split("\nBASE")[1] for word in ("growth", "share", "2 *"))


def judged(drawn, policies, last):
    script = tables(drawn)
    for policy in policies:
        if (policy.related and not by_place(policy)) or incomplete(policy):
            facts = FACTS.replace("('population'", "('complete_until', complete_until, 'population'") if incomplete(policy) else FACTS
            script += (f"SELECT '{policy.name}', code, as_of, tier FROM zone JOIN judge_days((SELECT judge_agg(zone_id, parent_id, related.level, {facts}, neighbours, shared_m, gap_m, NULL, "
                       f"rule, '{drawn.start}', '{drawn.start}') FROM zone z JOIN related USING (zone_id), (SELECT {rule_text(policy)} AS rule) r), '{last}') USING (zone_id);\n")
            continue
        script += (f"SELECT '{policy.name}', code, as_of, tier FROM classify('zone', 'report', {rule_text(policy)}, '{drawn.start}', '{last}', "
                   f"start => '{drawn.start}', zone_values => 'value');\n")
    found = {}
    for line in psql(script):
        name, code, day, tier = line.split("|")
        found[name, code, day] = tier
    return found


def main():
    first, last_map, generated = map(int, sys.argv[1:4])
    wanted = sys.argv[4:]
    verdicts, wrong, longer = {}, 0, 0
    psql("SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS georisk CASCADE")
    shipped = set(psql("SELECT name FROM georisk.policies"))
    unchecked = shipped - set(profiles.POLICIES) - {policy.name for policy in POLICIES}
    if unchecked:
        sys.exit(f"policies: nothing judges these a second time: {', '.join(sorted(unchecked))}")
    for number in range(first, last_map + 1):
        drawn = Map(number)
        draw = random.Random(f"policies of map {number}")
        policies = [p for p in POLICIES if p.name in shipped and (not wanted or p.name in wanted)]
        policies += accepted([Writer(draw, past=i % 4 != 0).policy(f"drawn_{number}_{i}") for i in range(2 * generated)])[:generated]
        policies += accepted([RelatedWriter(draw, past=i % 3 != 0).policy(f"related_{number}_{i}") for i in range(2 * generated)])[:generated // 2]
        last = drawn.start + (DAYS - 1) * DAY
        found = judged(drawn, policies, last)
        zones = drawn.known_zones()
        for policy in policies:
            different, policy.crowded = [], {}
            for code, zone in zones.items():
                zone.complete_until = drawn.complete[code].toordinal() if incomplete(policy) and drawn.complete[code] else None
            if policy.related:
                simulated = days_of_all(policy, drawn.placed_zones(policy.neighbours) if by_place(policy) else zones, drawn.start, drawn.start, last)
            else:
                simulated = {(code, day): tier for code, zone in zones.items() for day, tier in policy.days(zone, drawn.start, drawn.start, last).items()}
            for (code, day), tier in simulated.items():
                verdicts[tier == "unknown"] = verdicts.get(tier == "unknown", 0) + 1
                if found[policy.name, code, str(day)] == "unknown" and policy.may_be_unknown(code, day):
                    longer += tier != "unknown"
                elif found[policy.name, code, str(day)] != tier:
                    different.append(f"{code} {day}: georisk {found[policy.name, code, str(day)]}, simulated {tier}")
            if different:
                wrong += 1
                print(f"policies: map {number}, {policy.name}: {len(different)} differ", policy.text or "", *different[:6], sep="\n    ")
    print(f"policies: maps {first} to {last_map}: {sum(verdicts.values())} verdicts, {verdicts.get(True, 0)} of them unknown, "
          f"{longer} longer than they must")
    for refusal, count in sorted(REFUSED.items(), key=lambda item: -item[1]):
        print(f"policies: {count} drawn policies refused: {refusal}")
    sys.exit(f"policies: {wrong} times georisk and the simulator differ" if wrong else None)


if __name__ == "__main__":
    main()
