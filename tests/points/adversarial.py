#!/usr/bin/python3
"""Points made to break point location, judged by exact rational arithmetic.

Takes a zones.csv (code, level, wkt), lays its lowest-level zones into several worlds (where they are, around the origin,
south-west of it, at 1e7 metres, shrunk until an edge is about 1e-7 degrees), and in each one asks georisk about
vertices, edge midpoints, their neighbours by nextafter, and corners of dyadic cells. The oracle knows nothing
of grids, filters or floats: coordinates are integers on a common scale, sides are signs of exact products.
"""
import csv
import math
import random
import struct
import subprocess
import sys

SEED = 20210906


def read_zones(path):
    zones = []
    with open(path, newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    parents = {row["parent_code"] for row in rows}
    for row in rows:
        if row["code"] in parents:
            continue
        wkt = row["wkt"]
        body = wkt[wkt.index("("):].replace(" ", ",")
        polygons = []
        for polygon in (body[2:-2] if wkt.startswith("MULTIPOLYGON") else body).replace(",,", ",").split(")),(("):
            rings = []
            for ring in polygon.strip("()").split("),("):
                numbers = [float(n) for n in ring.strip("(),").split(",") if n]
                rings.append(list(zip(numbers[::2], numbers[1::2])))
            polygons.append(rings)
        zones.append(polygons)
    return zones


def centre(zones):
    xs = [x for zone in zones for rings in zone for ring in rings for x, _ in ring]
    ys = [y for zone in zones for rings in zone for ring in rings for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def worlds(zones):
    """Every world moves equal vertices to equal vertices, so a seamless tiling stays seamless."""
    cx, cy = centre(zones)
    return {
        "in place": lambda x, y: (x, y),
        "around the origin": lambda x, y: (x - cx, y - cy),
        "south-west": lambda x, y: (-x, -y),
        "at 1e7 metres": lambda x, y: ((x - cx) * 131072 + 1e7, (y - cy) * 131072 - 1e7),
        "edges of 1e-7 degrees": lambda x, y: ((x - cx) / 1024 + cx, (y - cy) / 1024 + cy),
    }


def move(zones, world):
    return [[[[world(x, y) for x, y in ring] for ring in rings] for rings in zone] for zone in zones]


def adversaries(zones, count, rng):
    edges = [(a, b) for zone in zones for rings in zone for ring in rings for a, b in zip(ring, ring[1:])]
    xs = [p[0] for a, b in edges for p in (a, b)]
    ys = [p[1] for a, b in edges for p in (a, b)]
    extent = max(max(xs) - min(xs), max(ys) - min(ys))
    points = []
    while len(points) < count:
        a, b = rng.choice(edges)
        kind = rng.randrange(4)
        if kind == 0:
            x, y = a
        elif kind == 1:
            x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        elif kind == 2:
            t = rng.random()
            x, y = a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])
        else:
            side = 2.0 ** (math.floor(math.log2(extent)) - rng.randrange(2, 12))
            x = math.floor(rng.uniform(min(xs), max(xs)) / side) * side
            y = math.floor(rng.uniform(min(ys), max(ys)) / side) * side
            if rng.randrange(2):
                y = a[1]
        for _ in range(rng.randrange(3)):
            if rng.randrange(2):
                x = math.nextafter(x, rng.choice((-math.inf, math.inf)))
            else:
                y = math.nextafter(y, rng.choice((-math.inf, math.inf)))
        points.append((x, y))
    return points


class Oracle:
    """The lowest zone that holds a point, border included, in integers."""

    def __init__(self, zones, points):
        numbers = [n for zone in zones for rings in zone for ring in rings for p in ring for n in p]
        numbers += [n for p in points for n in p]
        self.scale = max(n.as_integer_ratio()[1] for n in numbers)
        self.boxes = []
        for zone in zones:
            rings = [[self.integers(p) for p in ring] for polygon in zone for ring in polygon]
            xs = [x for ring in rings for x, _ in ring]
            ys = [y for ring in rings for _, y in ring]
            self.boxes.append((min(xs), min(ys), max(xs), max(ys), rings))

    def integers(self, point):
        result = []
        for number in point:
            numerator, denominator = number.as_integer_ratio()
            result.append(numerator * (self.scale // denominator))
        return tuple(result)

    @staticmethod
    def holds(rings, px, py):
        inside = False
        for ring in rings:
            for (ax, ay), (bx, by) in zip(ring, ring[1:]):
                if (ay > py) == (by > py) and ay != py and by != py:
                    continue
                side = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
                if side == 0 and min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by):
                    return True
                if (ay > py) != (by > py) and (side > 0) == (by > ay):
                    inside = not inside
        return inside

    def locate(self, point):
        px, py = self.integers(point)
        for number, (west, south, east, north, rings) in enumerate(self.boxes, 1):
            if west <= px <= east and south <= py <= north and self.holds(rings, px, py):
                return number
        return None


def wkb_point(point):
    return struct.pack("<BIdd", 1, 1, *point).hex()


def wkb_zone(zone):
    data = struct.pack("<BII", 1, 6, len(zone))
    for rings in zone:
        data += struct.pack("<BII", 1, 3, len(rings))
        for ring in rings:
            data += struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *p) for p in ring)
    return data.hex()


def ask(zones, points, rng):
    """georisk's answers, with the zones and their vertices in a shuffled order."""
    order = list(range(len(zones)))
    rng.shuffle(order)
    script = ["SET search_path = georisk, public;",
              "CREATE TEMP TABLE zone (zone_id integer, geom geometry);",
              "CREATE TEMP TABLE point (id integer, geom geometry);", "COPY zone FROM stdin;"]
    for number in order:
        zone = []
        for rings in zones[number]:
            turned = []
            for ring in rings:
                start = rng.randrange(len(ring) - 1)
                ring = ring[start:-1] + ring[:start] + [ring[start]]
                turned.append(ring[::-1] if rng.randrange(2) else ring)
            zone.append(turned)
        script.append(f"{number + 1}\t{wkb_zone(zone)}")
    script += ["\\.", "COPY point FROM stdin;"]
    script += [f"{number}\t{wkb_point(point)}" for number, point in enumerate(points)]
    script += ["\\.", "CREATE TEMP TABLE place AS SELECT zone_index_agg(zone_id, geom) AS zones FROM zone;",
               "SELECT coalesce(locate(zones, geom)::text, '-'), coalesce((locate_all(zones, geom))[1]::text, '-')"
               " FROM place, point ORDER BY id;"]
    answer = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"], input="\n".join(script) + "\n",
                            capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    return [line.split("|") for line in answer.stdout.split("\n") if line]


def main(path, total):
    rng = random.Random(SEED)
    zones = read_zones(path)
    wrong = asked = 0
    for name, world in worlds(zones).items():
        moved = move(zones, world)
        points = adversaries(moved, total // 5, rng)
        oracle = Oracle(moved, points)
        answers = ask(moved, points, rng)
        bad = 0
        for point, (single, lowest) in zip(points, answers):
            expected = oracle.locate(point)
            expected = "-" if expected is None else str(expected)
            if single != expected or lowest != expected:
                bad += 1
                if bad <= 3:
                    print(f"{name}: point {point[0]!r} {point[1]!r} is in {expected}, not {single} / {lowest}")
        print(f"{name}: {len(points)} points, {bad} differ from the oracle")
        assert len(answers) == len(points)
        wrong += bad
        asked += len(points)
    print(f"{asked} points asked, {wrong} differ")
    return 1 if wrong or not asked else 0


if __name__ == "__main__":
    subprocess.run(["psql", "-Xqc", "CREATE EXTENSION IF NOT EXISTS georisk CASCADE"], check=True,
                   stderr=subprocess.DEVNULL)
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
