"""A ward cut into blocks by streets and blocks into groups by alleys.

Coordinates are integers of 1e-7 degrees from the district's corner, so that a vertex is rounded once, when it is made. A
new street runs between two vertices that are there already: neighbours share every vertex by construction.
"""

from math import sqrt

from wards import BORDERS, METRES_PER_DEGREE, RINGS

METRE = 91  # units in a metre, near enough for everything but areas
STEP = 4 * METRE  # between the vertices of a street


def from_metres(point):
    return tuple((value * 10000000 + per_degree // 2) // per_degree
                 for value, per_degree in zip(point, METRES_PER_DEGREE))


def doubled_area(ring):
    total = 0
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        total += ax * by - bx * ay
    return total


def square_metres(ring):
    return abs(doubled_area(ring)) * METRES_PER_DEGREE[0] * METRES_PER_DEGREE[1] / 2e14


def inside(ring, x, y):
    odd = False
    ax, ay = ring[-1]
    for bx, by in ring:
        if (ay > y) != (by > y):
            turn = (bx - ax) * (y - ay) - (x - ax) * (by - ay)
            if (turn > 0) == (by > ay):
                odd = not odd
        ax, ay = bx, by
    return odd


def rounded(points):
    """Corners cut twice, as water bends."""
    for _ in range(2):
        cut = [points[0]]
        for (ax, ay), (bx, by) in zip(points, points[1:]):
            cut.append(((3 * ax + bx) // 4, (3 * ay + by) // 4))
            cut.append(((ax + 3 * bx) // 4, (ay + 3 * by) // 4))
        points = cut + [points[-1]]
    return points


def surveyed(points, rng, wobble):
    """The line with a vertex every few metres, each a little beside it."""
    line = [points[0]]
    for (ax, ay), (bx, by) in zip(points, points[1:]):
        dx, dy = bx - ax, by - ay
        length = sqrt(dx * dx + dy * dy)
        pieces = max(1, int(length / STEP + 0.5))
        for piece in range(1, pieces):
            along = (piece + 0.3 * rng.signed()) / pieces
            aside = wobble * rng.signed() / length
            line.append((int(ax + dx * along - dy * aside), int(ay + dy * along + dx * aside)))
        line.append((bx, by))
    return line


def ward_rings(rng):
    borders = {}
    for name, (kind, points) in BORDERS.items():
        points = [from_metres(point) for point in points]
        if kind == "water":
            points = rounded(points)
        borders[name] = surveyed(points, rng, METRE // 2)
    rings = {}
    for code, names in RINGS.items():
        ring = []
        for name in names:
            border = borders[name.lstrip("-")]
            ring += (border[::-1] if name[0] == "-" else border)[:-1]
        rings[code] = ring
    return rings


class Cutter:
    """Cuts one ward; `joints` are the vertices where a street already ends on another."""

    def __init__(self, rng):
        self.rng = rng
        self.joints = {}

    def cut(self, ring, groups):
        done, todo = [], [(ring, groups)]
        while todo:
            ring, groups = todo.pop()
            if groups == 1:
                done.append(ring)
                continue
            one, two, share = self.halve(ring, groups)
            todo += [(one, share), (two, groups - share)]
        return done

    def halve(self, ring, groups):
        for strict in (True, True, False):
            for start, end, share in self.candidates(ring, groups, strict):
                line = self.street(ring[start], ring[end], groups, strict)
                if self.clear(ring, start, end, line):
                    for vertex in (ring[start], ring[end]):
                        self.joints[vertex] = self.joints.get(vertex, 0) + 1
                    one = ring[start:end] + line[:0:-1]
                    two = ring[end:] + ring[:start] + line[:-1]
                    return one, two, share
        raise ValueError("no street through a block of %d groups" % groups)

    def candidates(self, ring, groups, strict):
        """Pairs of vertices, the likeliest street first: short, square to both sides, going on where another ends."""
        rng, count = self.rng, len(ring)
        sums = [0]
        for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
            sums.append(sums[-1] + ax * by - bx * ay)
        whole = sums[count]
        scale = sqrt(whole / 2.0)
        stride = max(1, count // 56)
        first = rng.below(stride)
        ends = []
        for index in range(count):
            vertex = ring[index]
            joint = self.joints.get(vertex, 0)
            if (index + first) % stride and not joint:
                continue
            (px, py), (nx, ny) = ring[index - 3], ring[(index + 3) % count]
            ix, iy, ox, oy = vertex[0] - px, vertex[1] - py, nx - vertex[0], ny - vertex[1]
            inn, out = sqrt(ix * ix + iy * iy), sqrt(ox * ox + oy * oy)
            bend = (ix * oy - iy * ox) / (inn * out)
            if bend > 0.5 or ix * ox + iy * oy < 0:
                continue  # in a corner
            cost = 0.0 if joint == 1 and bend < 0.3 else 0.35
            if joint != 1:
                for near in (-2, -1, 1, 2):
                    if self.joints.get(ring[(index + near) % count]):
                        cost += 0.3
            tx, ty = nx - px, ny - py
            length = sqrt(tx * tx + ty * ty)
            ends.append((index, vertex, tx / length, ty / length, cost))
        wish = 0.5 + 0.16 * rng.signed() if groups > 3 else (0.5 if groups == 2 else 1.0 / 3)
        slack = 0.13 if strict else 0.3
        low = max(0.02, (wish if groups != 3 else 1.0 / 3) - slack)
        high = min(0.98, (wish if groups != 3 else 2.0 / 3) + slack)
        found = []
        for place, (i, (ax, ay), atx, aty, acost) in enumerate(ends):
            for j, (bx, by), btx, bty, bcost in ends[place + 1:]:
                part = (sums[j] - sums[i] + bx * ay - ax * by) / whole
                if part < low or part > high:
                    continue
                dx, dy = bx - ax, by - ay
                length = sqrt(dx * dx + dy * dy)
                square = abs(atx * dy - aty * dx) / length, abs(btx * dy - bty * dx) / length
                if strict and (square[0] < 0.75 or square[1] < 0.75):
                    continue
                cost = length / scale + acost + bcost + 3.0 * (2 - square[0] - square[1]) + abs(part - wish)
                found.append((cost + 0.15 * rng.unit(), i, j, part))
        found.sort()
        for cost, i, j, part in found[:40]:
            lean = 1 + 0.3 * rng.signed() if groups > 4 else 1
            share = int(part * groups * lean + 0.5)
            yield i, j, min(max(share, 1), groups - 1)

    def street(self, start, end, groups, strict):
        """Streets bow, alleys bend and jog."""
        rng = self.rng
        (ax, ay), (bx, by) = start, end
        dx, dy = bx - ax, by - ay
        length = sqrt(dx * dx + dy * dy)

        def at(along, aside):
            return int(ax + dx * along - dy * aside), int(ay + dy * along + dx * aside)

        bends = []
        if not strict:
            pass
        elif groups > 12:
            bow = 0.05 * rng.signed()
            bends = [at(0.25, 0.75 * bow), at(0.5, bow), at(0.75, 0.75 * bow)]
        elif rng.chance(350) and length > 35 * METRE:
            jog = (5 + 9 * rng.unit()) * METRE / length * (1 if rng.chance(500) else -1)
            middle = 0.5 + 0.25 * rng.signed()
            bends = [at(middle, jog / 2), at(middle, -jog / 2)]
            if rng.chance(500):
                bends = [at(middle - 0.02, 0), at(middle + 0.02, jog), at(0.5 + middle / 2, jog * 0.8)]
        else:
            bends = [at(0.3 + 0.1 * rng.signed(), 0.09 * rng.signed()),
                     at(0.7 + 0.1 * rng.signed(), 0.09 * rng.signed())]
        return surveyed([start] + bends + [end], rng, METRE if groups <= 12 else METRE // 2)

    @staticmethod
    def clear(ring, start, end, line):
        """The line keeps inside the ring and away from its other vertices."""
        keep = 2 * METRE
        west = min(x for x, y in line) - STEP
        east = max(x for x, y in line) + STEP
        south = min(y for x, y in line) - STEP
        north = max(y for x, y in line) + STEP
        close = [(index, x, y) for index, (x, y) in enumerate(ring) if west < x < east and south < y < north]
        count = len(ring)
        for x, y in line[1:-1]:
            for _, vx, vy in close:
                if abs(vx - x) < keep and abs(vy - y) < keep:
                    return False
        for (ax, ay), (bx, by) in zip(line, line[1:]):
            for index, cx, cy in close:
                dx, dy = ring[index + 1 - count]
                if (cx, cy) in (line[0], line[-1]) or (dx, dy) in (line[0], line[-1]):
                    continue
                if abs(cx - ax) > 3 * STEP or abs(cy - ay) > 3 * STEP:
                    continue
                one = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
                two = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
                three = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
                four = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
                if (one > 0) != (two > 0) and (three > 0) != (four > 0):
                    return False
        x, y = line[len(line) // 2]
        return inside(ring, x, y)
