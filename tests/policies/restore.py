#!/usr/bin/python3
"""Policies and what they judge go out as text and binary and come back the same, and judge the same after a dump and a restore.

tests/with-server tests/policies/restore.py RANDOM_POLICIES
"""
import random
import subprocess
import sys
import tempfile

from language import Writer
from maps import DAY, DAYS, Map
from relations import RelatedWriter
from simulate import FACTS, accepted, psql, tables

drawn = Map("to restore")
draw = random.Random("policies to restore")
written = accepted([Writer(draw, past=i % 4 != 0).policy(f"drawn_{i}") for i in range(int(sys.argv[1]))]
                   + [RelatedWriter(draw, past=i % 3 != 0).policy(f"related_{i}") for i in range(int(sys.argv[1]) // 2)])
last = drawn.start + (DAYS - 1) * DAY

MAKE = tables(drawn) + """
CREATE TABLE rule (name text PRIMARY KEY, rule risk_policy);
INSERT INTO rule SELECT name, policy(name) FROM policies;
INSERT INTO rule VALUES ('alert_counts, set', policy('alert_counts', '{"days": 7, "yellow": 2, "orange": 4, "red": 9}')),
    ('vn_hcmc_2716_2021, set', policy('vn_hcmc_2716_2021', '{"window": 14}'));
""" + "".join(f"INSERT INTO rule VALUES ('{policy.name}', $rule${policy.text}$rule$);\n" for policy in written) + f"""
CREATE TABLE back (LIKE rule);
-- what is not counted of these zones is empty
CREATE TABLE fact AS SELECT r.name, z.zone_id, {FACTS} AS facts FROM rule r, zone z;
CREATE TABLE gathered AS SELECT name, judge_agg(zone_id, parent_id, level, facts, neighbours, shared_m, gap_m, NULL, rule, '{last}', '{drawn.start}') AS judgement FROM fact JOIN rule USING (name) JOIN related USING (zone_id) GROUP BY name;
"""
ASK = f"""
SET search_path = simulated, georisk, public; SET client_min_messages = warning;
SELECT 'classify', r.name, md5(string_agg(c::text, ',' ORDER BY zone_id, as_of)), count(*), count(DISTINCT tier)
  FROM rule r, LATERAL classify('zone', 'report', r.rule, '{drawn.start}', '{last}', start => '{drawn.start}', zone_values => 'value') c
 WHERE NOT EXISTS (SELECT FROM policy_inputs(r.rule) i WHERE i.kind = 'count' AND NOT EXISTS (SELECT FROM report WHERE measure = i.name))
 GROUP BY r.name ORDER BY r.name;
SELECT 'stored', name, md5(string_agg(j::text, ',' ORDER BY zone_id)), count(*) FROM gathered, judge(judgement) j GROUP BY name ORDER BY name;
SELECT 'again', r.name, md5(string_agg(j::text, ',' ORDER BY zone_id)), count(*)
  FROM (SELECT name, judge_agg(zone_id, parent_id, level, facts, neighbours, shared_m, gap_m, NULL, rule, '{last}', '{drawn.start}') AS judgement FROM fact JOIN rule USING (name) JOIN related USING (zone_id) GROUP BY name) r,
       judge(judgement) j GROUP BY name ORDER BY name;
"""


def main():
    psql("CREATE EXTENSION IF NOT EXISTS georisk CASCADE")
    psql(MAKE)
    before = psql(ASK)
    # text and binary, out and in and out
    for form in ("text", "binary", "csv"):
        with tempfile.NamedTemporaryFile() as file:
            subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", "TRUNCATE simulated.back", "-c",
                            f"\\copy simulated.rule TO {file.name} (FORMAT {form})", "-c", f"\\copy simulated.back FROM {file.name} (FORMAT {form})"], check=True)
        wrong = psql("SELECT name FROM simulated.rule FULL JOIN simulated.back b USING (name) WHERE rule.rule::text IS DISTINCT FROM b.rule::text")
        wrong += psql("SELECT name FROM simulated.rule WHERE rule::text::georisk.risk_policy::text <> rule::text")
        if wrong:
            sys.exit(f"policies: not the same text after {form}: {wrong}")
    psql("CREATE DATABASE restored TEMPLATE template0")
    dump = subprocess.run(["pg_dump"], stdout=subprocess.PIPE, check=True)
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", "restored", "-o", "/dev/null"], input=dump.stdout, check=True)
    after = psql("\\connect restored\n" + ASK)
    different = sorted(set(before) ^ set(after))
    texts = psql("SELECT md5(string_agg(rule::text, '' ORDER BY name)) FROM simulated.rule") + psql("\\connect restored\nSELECT md5(string_agg(rule::text, '' ORDER BY name)) FROM simulated.rule")
    if different or texts[0] != texts[1]:
        sys.exit("policies: after a restore they judge otherwise:\n" + "\n".join(different))
    kinds = {kind: sum(line.startswith(kind) for line in before) for kind in ("classify", "stored", "again")}
    several = sum(line.startswith("classify") and int(line.split("|")[-1]) > 1 for line in before)
    if several < 10 or any(one != two.replace("again", "stored", 1) for one, two in zip([x for x in before if x.startswith("stored")], [x for x in before if x.startswith("again")])):
        sys.exit("policies: the restore is not worth much:\n" + "\n".join(before))
    print(f"policies: {kinds['stored']} policies come back from text, binary and CSV as they were, and judge the same after a plain dump and restore; "
          f"{kinds['classify']} of them over {DAYS} days, {several} with several tiers")


if __name__ == "__main__":
    main()
