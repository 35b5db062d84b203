"""Resident groups: borders, neighbours, and the census shared out so that each ward's figures come out exactly."""

from pcg import Pcg
from streets import Cutter, inside, ward_rings
from wards import LAT0, LON0, WARDS

GROUPS = 874


class Group:
    def __init__(self, ward, ring):
        self.ward, self.ring = ward, ring
        self.code = self.name = None
        self.households = self.population = 0
        self.neighbours = []
        self.homes = {}

    def middle(self):
        return (sum(x for x, y in self.ring) // len(self.ring), sum(y for x, y in self.ring) // len(self.ring))

    def point(self, rng):
        """Somewhere inside."""
        west, east = min(x for x, y in self.ring), max(x for x, y in self.ring)
        south, north = min(y for x, y in self.ring), max(y for x, y in self.ring)
        while True:
            x, y = rng.between(west, east), rng.between(south, north)
            if inside(self.ring, x, y):
                return x, y

    def home(self, household):
        """Where a household lives and how many it is: always the same answer."""
        if household not in self.homes:
            rng = Pcg(int(self.code.replace("-", "")) * 1000 + household)
            mean = self.population * 10 // self.households
            people = max(1, (mean + rng.between(-22, 24)) // 10)
            self.homes[household] = self.point(rng), people
        return self.homes[household]


def shared_out(total, weights):
    """Whole numbers that add up to the total, in proportion to the weights; the largest remainders round up."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in order[:total - sum(parts)]:
        parts[index] += 1
    return parts


def make_groups(seed):
    rings = ward_rings(Pcg(seed))
    counts = shared_out(GROUPS, [households for _, _, _, households in WARDS.values()])
    groups = []
    for (code, (name, _, population, households)), count in zip(WARDS.items(), counts):
        rng = Pcg(seed * 1000003 + int(code))
        ward = [Group(code, ring) for ring in Cutter(rng).cut(rings[code], count)]
        # Numbered as a postman walks: in bands from north to south, to and fro.
        band = 27000
        ward.sort(key=lambda g: (-(g.middle()[1] // band), g.middle()[0] * (1 if g.middle()[1] // band % 2 else -1)))
        shares = shared_out(households, [rng.between(60, 140) for _ in ward])
        people = shared_out(population, [share * rng.between(85, 115) for share in shares])
        for number, group in enumerate(ward, 1):
            group.code = "%s-%03d" % (code, number)
            group.name = "Tổ dân phố %d, phường %s" % (number, name)
            group.households, group.population = shares[number - 1], people[number - 1]
        groups += ward
    find_neighbours(groups)
    return rings, groups


def find_neighbours(groups):
    sides = {}
    for index, group in enumerate(groups):
        for start, end in zip(group.ring, group.ring[1:] + group.ring[:1]):
            sides.setdefault((min(start, end), max(start, end)), []).append(index)
    touching = [set() for _ in groups]
    for pair in sides.values():
        if len(pair) == 2:
            touching[pair[0]].add(pair[1])
            touching[pair[1]].add(pair[0])
    for group, others in zip(groups, touching):
        group.neighbours = sorted(others)


def degrees(point):
    """A point as text: exact, because it is an integer number of 1e-7 degrees."""
    lon, lat = LON0 + point[0], LAT0 + point[1]
    return "%d.%07d" % divmod(lon, 10000000), "%d.%07d" % divmod(lat, 10000000)


def wkt(ring):
    return "MULTIPOLYGON(((%s)))" % ",".join(" ".join(degrees(point)) for point in ring + ring[:1])
