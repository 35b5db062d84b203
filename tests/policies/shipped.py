"""The shipped policies that look at earlier reviews, as the published rules say them."""

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


POLICIES = [
    Policy("vn_qd4800_2021", ["level1", "level2", "level3", "level4"], vn_qd4800_2021,
           {"rate community_cases": [20, 50, 150], "count community_cases": [0], "number dose1_pct": [70], "number elderly_full_pct": [80]}, FRIDAY),
    Policy("us_ca_blueprint_2020", ["yellow", "orange", "red", "purple"], us_ca_blueprint_2020,
           {"number daily_100k": [1, 4, 7], "number positivity_pct": [2, 5, 8]}, TUESDAY,
           worsen=(2, None), improve=(2, 3, 1, lambda facts: facts.yes("equity_met", 7, False))),
    Policy("ph_adar_2022", ["low", "moderate", "high"], ph_adar_2022, {"rate cases": [6, 18], "number beds_pct": [50]}),
]
