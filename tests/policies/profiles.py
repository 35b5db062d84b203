#!/usr/bin/python3
"""Random profiles with the bounds of each rule over-represented: what georisk says of them against the rule as plain SQL.

tests/with-server tests/policies/profiles.py PROFILES [POLICY ...]   so many of each shipped policy that one profile is enough for

The rules stand in rules/POLICY.sql, written from the published text. They give an id and a tier for each way in which what is
missing may turn out: one tier left is the verdict, several are unknown.
"""
import datetime
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


class Measure:
    """A count: its window, the cuts as cases (`per` 0) or per 100,000 people and so many periods, and whether households matter."""
    def __init__(self, name, days, cuts, per=0, households=False, windows=1):
        self.name, self.days, self.cuts, self.per, self.households, self.windows = name, days, cuts, per, households, windows


class Value:
    """A zone value: how long it is kept, and its cuts; none for yes or no."""
    def __init__(self, name, keep, cuts=()):
        self.name, self.keep, self.cuts = name, keep, cuts


cases14 = Measure("cases", 14, [1, 2, 3])
eu = [Value("positivity_pct", 7, ["1", "4"]), Value("tests_100k", 7, ["300"])]
tests = lambda days: [Measure("positives", days, [4, 5, 8, 10]), Measure("tests", days, [80, 100, 125])]
POLICIES = {  # as-of day (one of review), what the rule looks at
    "alert_counts": ("2021-09-06", [cases14]),
    "br_infodengue": ("2021-09-04", [Measure("cases", 7, [10, 100], 1, windows=8), Value("min_temp", 60, ["22"]), Value("p_rt", 60, ["0.95"])]),
    "cn_2020": ("2020-03-02", [Measure("cases", 14, [0, 1, 50, 51], windows=2), Value("cluster", 14)]),
    "eu_107_2022": ("2022-02-15", [Measure("cases", 14, [40, 80, 100, 300, 600], 1), Value("vaccine_pct", 7, ["0", "50"]),
                                   Value("tests_100k", 7, ["600"])]),
    "eu_119_2021": ("2021-03-02", [Measure("cases", 14, [25, 50, 150, 500], 1)] + eu),
    "eu_1475_2020": ("2020-11-03", [Measure("cases", 14, [25, 50, 150], 1)] + eu),
    "eu_961_2021": ("2021-07-06", [Measure("cases", 14, [50, 75, 200, 500], 1)] + eu),
    "hghi_2020": ("2020-07-08", [Measure("cases", 7, [1, 10, 25], 7)]),
    "id_kmk4805_2021": ("2021-07-05", [Measure("cases", 14, [0, 20, 50, 150], 2), Measure("hospitalisations", 14, [5, 10, 30], 2),
                                       Measure("deaths", 14, [1, 2, 5], 2), Value("adequate", 14), Value("moderate", 14),
                                       Value("sporadic", 14), Value("clusters", 14)]),
    "id_ppkm_mikro_2021a": ("2021-03-01", [Measure("cases", 7, [1, 5, 6, 10, 11], households=True)]),
    "id_ppkm_mikro_2021b": ("2021-04-10", [Measure("cases", 7, [1, 2, 3, 5, 6], households=True)]),
    "my_zone_2020": ("2020-10-20", [Measure("cases", 14, [0, 1, 20, 21, 40, 41])]),
    "ph_adar_2021": ("2021-08-09", [Measure("cases", 14, [1, 7], 14, windows=2)]),
    "sg_dengue": ("2020-07-20", [Measure("cases", 14, [0, 1, 2, 9, 10], windows=3)]),
    "sg_dengue": ("2020-07-10", [Measure("cases", 18, [0, 1, 2, 8, 9, 10], windows=2)]),
    "us_cdc_ccl_2022": ("2022-03-03", [Measure("cases", 7, [200], 1), Value("admissions", 7, ["10", "20"]), Value("beds_pct", 7, ["10", "15"])]),
    "us_cdc_ct_2021": ("2021-09-06", [Measure("cases", 7, [10, 50, 100], 1)] + tests(7)),
    "us_ma_2020": ("2020-11-20", [Measure("cases", 14, [10, 11, 15, 16, 25, 26, 70], 0), *tests(14)]),
    "us_phl_2022": ("2022-02-20", [Value("cases_per_day", 10, ["100", "225", "500"]), Value("hospitalised", 10, ["50", "100", "500"]),
                                   Value("positivity_pct", 10, ["2", "5", "10"]), Value("growth_pct", 10, ["50"])]),
    "vn_hcmc_2716_2021": ("2021-09-06", [Measure("cases", 7, [1, 2, 3], households=True, windows=3), Value("contact", 14)]),
    "who_ct_2021": ("2021-07-05", [Measure("cases", 14, [20, 50, 150], 2), Measure("hospitalisations", 14, [5, 10, 30], 2),
                                   Measure("deaths", 14, [1, 2, 5], 2)]),
}
SIZES = [1, 2, 163, 376, 667, 4999, 5000, 9999, 10000, 10001, 49999, 50000, 50001, 100000, 140000, 1000000, 10000000]


def near(cut, draw):
    """A number on a cut, just beside it, or elsewhere."""
    whole = round(float(cut) * 10 ** 6)
    if draw.random() < 0.6:
        whole += draw.choice([-1, 0, 1]) * 10 ** (6 - draw.choice([0, 1, 2, 6]))
    else:
        whole = draw.randint(0, 2 * whole + 10 ** 6)
    return f"{max(whole, 0) // 10 ** 6}.{max(whole, 0) % 10 ** 6:06}"


def draw_values(number, value, as_of, plain, draw):
    """Rows of the table value: the newest entry around the age that is still kept, an older one, one of tomorrow."""
    once = (lambda: draw.choice(["yes", "no"])) if not value.cuts else (lambda: near(draw.choice(value.cuts), draw))
    if plain:
        return [] if draw.random() < 0.1 else [(number, value.name, as_of, once())]
    entries = {}
    way = draw.random()
    if way < 0.03:
        return []
    age = draw.choice([0, 0, 0, 0, 0, 1, 1, value.keep - 1, value.keep, value.keep, value.keep, value.keep + 1])
    entries[age] = once() if way > 0.05 else "\\N"
    if draw.random() < 0.3:
        entries[age + draw.choice([1, 7, value.keep])] = once()
    if draw.random() < 0.2:
        entries.setdefault(-draw.randint(1, 9), once())
    if value.keep == 60 and draw.random() < 0.7:  # the weeks before, each its own
        for week in range(8):
            entries[7 * week] = once()
    return [(number, value.name, as_of - datetime.timedelta(age), x) for age, x in entries.items()]


def draw_reports(number, measure, as_of, population, draw):
    """Rows of the table report: so many cases in the window that a cut is met or just missed, and cases just outside it."""
    rows, now = [], 0

    def add(ago, n, household=None):
        rows.append((number, measure.name, as_of - datetime.timedelta(ago), n, household or "\\N"))

    for window in range(measure.windows):
        first = window * measure.days
        if window and draw.random() < 0.1:
            continue
        cut = draw.choice(measure.cuts)
        size = population or 100000
        target = cut if not measure.per else cut * size * measure.per / 100000
        n = max(0, int(target) + draw.choice([-1, 0, 0, 1, 2]))
        way = draw.random()
        n = 0 if way < 0.1 else draw.randint(0, 2 * n + 2) if way < 0.2 else min(n, 10 ** 9)
        inside = lambda: first + draw.choice([0, measure.days - 1, draw.randrange(measure.days)])
        if measure.households:
            names = [f"h{i}" for i in range(n)]
            for name in names:
                for _ in range(draw.choice([1, 1, 2, 3])):
                    add(inside(), draw.choice([1, 1, 1, 3]), draw.choice([name, f" {name} "]))
                if draw.random() < 0.1:
                    add(first + measure.days, 2, name)
            if draw.random() < 0.15:
                add(inside(), draw.choice([0, 1, 2]))
            if draw.random() < 0.15:
                add(inside(), 0, f"h{n + 1}")
        elif n:
            if window == 0:
                now = n
            elif draw.random() < 0.5:  # growth on a bound: as many as later, or a third
                n = max(0, now // draw.choice([1, 3]) + draw.choice([-1, 0, 0, 1]))
            part = draw.choice([0, n, draw.randint(0, n)])
            if part:
                add(inside(), part)
            if n - part:
                add(inside(), n - part)
            if draw.random() < 0.05:
                add(inside(), 0)
    if draw.random() < 0.4:
        add(measure.windows * measure.days, draw.randint(1, 9), "outside")
    if draw.random() < 0.3:
        add(-1, draw.randint(1, 9), "outside")
    return rows


def draw_population(draw):
    way = draw.random()
    return None if way < 0.04 else 0 if way < 0.07 else draw.randint(1, 200000) if way < 0.25 else draw.choice(SIZES)


def draw_policy(name, count, folder):
    as_of, inputs = datetime.date.fromisoformat(POLICIES[name][0]), POLICIES[name][1]
    draw = random.Random(f"profiles of {name}")
    with open(folder / "zone", "w") as zones, open(folder / "report", "w") as reports, open(folder / "value", "w") as values:
        for number in range(1, count + 1):
            population = draw_population(draw)
            until = as_of - datetime.timedelta(draw.choice([-1, 0, 1, 2, 6, 7, 13, 14, 15])) if draw.random() < 0.06 else None
            plain = draw.random() < 0.1
            print(number, as_of, "\\N" if population is None else population, until or "\\N", draw.random() > 0.03, plain, sep="\t", file=zones)
            for one in inputs:
                if isinstance(one, Measure):
                    for row in draw_reports(number, one, as_of, population, draw):
                        print(*row, sep="\t", file=reports)
                else:
                    for row in draw_values(number, one, as_of, plain, draw):
                        print(*row, sep="\t", file=values)


def compare(name, count):
    """A script that prints how many profiles there are of each tier, and then each difference."""
    inputs = POLICIES[name][1]
    rule = (HERE / "rules" / f"{name}.sql").read_text()
    curve = lambda m: (f"CASE WHEN z.knows_households THEN (SELECT epicurve_agg(day, n, household) FROM report r WHERE r.id = z.id AND r.measure = '{m.name}') "
                       f"ELSE (SELECT epicurve_agg(day, n) FROM report r WHERE r.id = z.id AND r.measure = '{m.name}') END")

    def value(v, plain):
        cast = "(value = 'yes')" if not v.cuts else "value::numeric"
        pick = f"max({'value' if v.cuts else '''value'''})" + ("::numeric" if v.cuts else " = 'yes'")
        return f"(SELECT {pick if plain else f'value_series_agg(day, {cast})'} FROM value v WHERE v.id = z.id AND v.name = '{v.name}')"

    def profiles(plain):
        pairs = ", ".join(f"'{one.name}', {curve(one) if isinstance(one, Measure) else value(one, plain)}" for one in inputs)
        return (f"SELECT id, profile('as_of', as_of, 'population', population, 'complete_until', complete_until, {pairs}) AS facts"
                f" FROM zone z WHERE {'' if plain else 'NOT '}plain_values")

    return f"""
TRUNCATE zone, report, value;
\\copy zone FROM zone
\\copy report FROM report
\\copy value FROM value
DROP INDEX IF EXISTS drawn_report, drawn_value;
CREATE INDEX drawn_report ON report (id);
CREATE INDEX drawn_value ON value (id);
ANALYZE zone, report, value;
CREATE TEMP TABLE facts AS {profiles(False)} UNION ALL {profiles(True)};
CREATE TEMP TABLE expected AS SELECT id, CASE WHEN count(DISTINCT tier) = 1 THEN min(tier) WHEN count(DISTINCT tier) > 1 THEN 'unknown' END AS tier,
    string_agg(DISTINCT tier, ' ') AS possible FROM ({rule}) possible GROUP BY id;
CREATE TEMP TABLE judged AS SELECT zone_id AS id, tier, tier_rank FROM judge((SELECT judge_agg(id, NULL, NULL, facts, NULL, NULL, NULL, NULL,
    policy('{name}'), '{POLICIES[name][0]}', NULL) FROM facts));
CREATE TEMP TABLE rung AS SELECT id, tier_of(facts, policy('{name}')) AS tier FROM facts;
SELECT 'tiers', string_agg(tier || ' ' || n, ', ' ORDER BY n DESC) FROM (SELECT tier, count(*) AS n FROM expected GROUP BY tier) t;
SELECT 'unknown that are not', count(*) FROM expected e FULL JOIN judged j USING (id) WHERE j.tier = 'unknown' AND e.tier IS DISTINCT FROM 'unknown';
SELECT 'DIFFERENT', id, e.tier AS expected, possible, j.tier AS judged, facts FROM expected e FULL JOIN judged j USING (id) LEFT JOIN facts USING (id)
 WHERE e.tier IS DISTINCT FROM j.tier ORDER BY id LIMIT 5;
SELECT 'DIFFERENT in all', count(*) FROM expected e FULL JOIN judged j USING (id) WHERE e.tier IS DISTINCT FROM j.tier HAVING count(*) > 0;
SELECT 'DIFFERENT from @@', id, j.tier, r.tier FROM judged j FULL JOIN rung r USING (id)
  LEFT JOIN policy_tiers(policy('{name}')) t ON t.tier = j.tier
 WHERE t.tier_rank IS DISTINCT FROM array_position(enum_range(NULL::risk_tier), r.tier) - 1 ORDER BY id LIMIT 5;
SELECT 'MISSING', {count} - count(*) FROM judged HAVING count(*) <> {count};
DROP TABLE facts, expected, judged, rung;
"""


def psql(script, **options):
    return subprocess.run(["psql", "-XqAt", "-F", " | ", "-v", "ON_ERROR_STOP=1"], input=script, text=True, stdout=subprocess.PIPE, **options)


def main():
    count, names = int(sys.argv[1]), sys.argv[2:] or sorted(POLICIES)
    unasked = psql("SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS georisk CASCADE; DROP SCHEMA IF EXISTS drawn CASCADE; CREATE SCHEMA drawn;\n"
                   + (HERE / "profiles.sql").read_text(), stderr=subprocess.STDOUT)
    if unasked.returncode:
        sys.exit(unasked.stdout)
    wrong = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            draw_policy(name, count, pathlib.Path(folder))
            found = psql("SET search_path = drawn, georisk, public; SET client_min_messages = warning; SET max_parallel_workers_per_gather = 0;\n" + compare(name, count), cwd=folder)
        lines = found.stdout.splitlines()
        bad = found.returncode != 0 or any(line.startswith(("DIFFERENT", "MISSING")) for line in lines)
        wrong += bad
        if bad:
            print(f"policies: {name}: georisk and the rule as plain SQL differ", *lines, sep="\n    ")
        else:
            print(f"policies: {name}: {count} profiles as the rule in plain SQL says: {lines[0].split(' | ')[1]}")
    psql("SET client_min_messages = warning; DROP SCHEMA drawn CASCADE")
    sys.exit(f"policies: {wrong} of {len(names)} differ" if wrong else None)


if __name__ == "__main__":
    main()
