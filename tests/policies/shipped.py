"""The shipped policies that look at earlier reviews, as the published rules say them."""

from fractions import Fraction

from simulator import Policy

FRIDAY, TUESDAY = 4, 1


def vn_qd4800_2021(facts, previous):
    """Mean weekly community cases per 100,000 over two weeks: 20, 50, 150. With 70 % of adults vaccinated levels 1, 2, 2, 3, else
    1 to 4. One more where fewer than 80 % of the elderly are, but not above 4 and not without cases. Not milder than before
    while care is not met."""
    rate = facts.rate("community_cases", 14, periods=2)
    band = 1 if rate < 20 else 2 if rate < 50 else 3 if rate < 150 else 4
    # what the vaccine cover could change is asked only where it does
    level = band if band == 1 else {2: 2, 3: 2, 4: 3}[band] if facts.number("dose1_pct", 14) >= 70 else band
    if level < 4 and facts.count("community_cases", 14) > 0 and facts.number("elderly_full_pct", 14) < 80:
        level += 1
    if previous and int(previous[-1]) > level and not facts.yes("care_capacity_met", 14):
        level = int(previous[-1])
    return f"level{level}"


def us_ca_blueprint_2020(facts, previous):
    cases, positivity = facts.number("daily_100k", 7), facts.number("positivity_pct", 7)
    a = 0 if cases < 1 else 1 if cases < 4 else 2 if cases <= 7 else 3
    b = 0 if positivity < 2 else 1 if positivity < 5 else 2 if positivity <= 8 else 3
    return ("yellow", "orange", "red", "purple")[max(a, b)]


def ph_adar_2022(facts, previous):
    """Attack rate below 6, 6 to 18, above 18 per day and 100,000; nobody is raised while half of the beds or fewer are in use."""
    tiers = ("low", "moderate", "high")
    rate = facts.rate("cases", 14, periods=14)
    tier = 0 if rate < 6 else 1 if rate <= 18 else 2
    if previous and tiers.index(previous) < tier and facts.number("beds_pct", 14) <= 50:
        tier = tiers.index(previous)
    return tiers[tier]


def incidence_de(facts):
    return facts.rate("cases", 7)


def positivity(facts):
    """Per cent of the tests of 7 days; where there are none nothing is known of it."""
    tests = facts.count("tests", 7)
    return Fraction(100 * facts.count("positives", 7), tests) if tests else facts.any("positivity")


def enters_ny(percent):
    """Ten days above so many per cent, 10 new cases a day per 100,000, and 5 a day, or 3 under 10,000 residents."""
    def holds(facts):
        if facts.rate("cases", 7, periods=7) < 10 or facts.yes("one_place", 14) or not facts.yes("confirmed", 14):
            return False
        daily = Fraction(facts.count("cases", 7), 7)
        if daily < 3 or (daily < 5 and facts.population() >= 10000):
            return False
        return all(facts.held(10, 1, lambda day: positivity(day) > percent))
    return holds


def leaves_ny(holds):
    return lambda facts: all(facts.held(10, 1, lambda day: holds(positivity(day))))


def vn_qd2686_2021(facts, previous):
    """Communes by what happened there and beside; a case of known source makes yellow. Districts by their communes, high or worse
    counting together; below high a district has no level that was seen."""
    flag = lambda name: facts.yes(name, 14, False)
    if facts.zone.level == "commune":
        if flag("unknown_source_cluster") or flag("hard_to_trace_place"):
            return "red"
        if facts.count("unknown_source_cases", 14) >= 1 or flag("crowded_link") or facts.touches("red"):
            return "orange"
        if facts.count("known_source_cases", 14) >= 1 or flag("contacts") or flag("border_pressure") or facts.touches("orange"):
            return "yellow"
        return "green"
    if facts.zone.level == "district":
        spread = facts.number("spread_pct", 14, 0)
        below = ("commune",)
        if facts.share("red", False, below) >= 30 or facts.share("orange", True, below) >= 50 or spread > 50:
            return "red"
        if (facts.share("orange", True, below) >= 30 or facts.share("yellow", True, below) >= 50 or facts.number_of("red", False, below) >= 1
                or spread > 20 or flag("key_site_beside")):
            return "orange"
        return "below_high"
    return facts.any_tier(facts.policy.tiers)


POLICIES = [
    Policy("vn_qd4800_2021", ["level1", "level2", "level3", "level4"], vn_qd4800_2021,
           {"rate community_cases": [20, 50, 150], "count community_cases": [0], "number dose1_pct": [70], "number elderly_full_pct": [80]}, FRIDAY),
    Policy("us_ca_blueprint_2020", ["yellow", "orange", "red", "purple"], us_ca_blueprint_2020,
           {"number daily_100k": [1, 4, 7], "number positivity_pct": [2, 5, 8]}, TUESDAY,
           worsen=(2, None), improve=(2, 3, 1, lambda facts: facts.yes("equity_met", 7, False))),
    Policy("ph_adar_2022", ["low", "moderate", "high"], ph_adar_2022, {"rate cases": [6, 18], "number beds_pct": [50]}),
    Policy("de_28b_2021", ["off", "on"], lambda facts, previous: "off", {"rate cases": [100]}, kinds={"working": (range(6), "holidays")},
           entered=[("on", lambda facts: all(facts.held(3, 1, lambda day: incidence_de(day) > 100)), 2,
                     lambda facts: all(facts.held(5, "working", lambda day: incidence_de(day) < 100)), 2)]),
    Policy("us_ny_microcluster_2020", ["none", "yellow", "orange", "red"], lambda facts, previous: "none",
           {"rate cases": [10], "population": [10000], "positivity": ["1.5", 2, "2.5", 3, 4]},
           entered=[("yellow", enters_ny(Fraction(5, 2)), 0, leaves_ny(lambda percent: percent < Fraction(3, 2)), 0),
                    ("orange", enters_ny(3), 0, leaves_ny(lambda percent: percent <= 2), 0),
                    ("red", enters_ny(4), 0, leaves_ny(lambda percent: percent <= 3), 0)]),
    Policy("vn_qd2686_2021", ["below_high", "green", "yellow", "orange", "red"], vn_qd2686_2021,
           {"share red": [30], "share orange": [30, 50], "share yellow": [50], "number of red": [1]}, outside=["below_high"],
           touched=[("red", False), ("orange", False)], related=True),
]
