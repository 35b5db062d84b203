"""The boundary change of 16 August: in one ward two groups became one, and its largest group became two.

The merged group keeps the lower number, so a code that is known from before means a larger area now; half of the divided
one keeps its number, so a code means a smaller area; one code is gone, and one is new.
"""

from pcg import Pcg
from people import Group, shared_out
from streets import Cutter, inside

WARD = "26749"
FIRST_DAY = 76  # 16 August, counted from 1 June


def joined(one, two):
    """The ring round two neighbours; None where they do not make a single one."""
    sides = set(zip(one, one[1:] + one[:1])) | set(zip(two, two[1:] + two[:1]))
    outer = {start: end for start, end in sides if (end, start) not in sides}
    ring = [min(outer)]
    while outer[ring[-1]] != ring[0]:
        ring.append(outer[ring[-1]])
    return ring if len(ring) == len(outer) else None


class August:
    def __init__(self, seed, groups):
        self.groups = groups
        ward = [group for group in groups if group.ward == WARD]
        self.divided = max(ward, key=lambda group: group.households)
        self.kept, self.gone, ring = self.smallest_pair(ward)
        self.halves = Cutter(Pcg(seed)).cut(self.divided.ring, 2)
        merged = self.named(Group(WARD, ring), self.kept.code, self.kept.name)
        merged.households = self.kept.households + self.gone.households
        merged.population = self.kept.population + self.gone.population
        number = len(ward) + 1
        parts = [self.named(Group(WARD, self.halves[0]), self.divided.code, self.divided.name),
                 self.named(Group(WARD, self.halves[1]), "%s-%03d" % (WARD, number),
                            self.divided.name.replace(" %d," % int(self.divided.code[6:]), " %d," % number))]
        homes = [self.divided.home(household)[0] for household in range(1, self.divided.households + 1)]
        here = sum(inside(parts[0].ring, x, y) for x, y in homes)
        parts[0].households, parts[1].households = here, len(homes) - here
        parts[0].population, parts[1].population = shared_out(self.divided.population, [here, len(homes) - here])
        self.new_code = parts[1].code
        self.after = sorted([group for group in groups if group not in (self.kept, self.gone, self.divided)]
                            + [merged] + parts, key=lambda group: group.code)

    @staticmethod
    def named(group, code, name):
        group.code, group.name = code, name
        return group

    def smallest_pair(self, ward):
        pairs = sorted(((one, self.groups[index]) for one in ward for index in one.neighbours
                        if self.groups[index].ward == WARD and one.code < self.groups[index].code),
                       key=lambda pair: (pair[0].households + pair[1].households, pair[0].code, pair[1].code))
        for one, two in pairs:
            ring = joined(one.ring, two.ring)
            if ring and self.divided not in (one, two):
                return one, two, ring
        raise ValueError("no two groups that can become one")

    def code(self, group, household, day):
        """The code of a household's group on a day."""
        if day >= FIRST_DAY:
            if group is self.gone:
                return self.kept.code
            if group is self.divided and not inside(self.halves[0], *group.home(household)[0]):
                return self.new_code
        return group.code
