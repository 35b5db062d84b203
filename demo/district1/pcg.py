"""A random generator of our own: the same numbers on every machine and in every Python."""


class Pcg:
    """PCG-XSH-RR 64/32 (O'Neill 2014), in masked integers."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = 0
        self.next()
        self.state = (self.state + seed) & self.MASK
        self.next()

    def next(self):
        old = self.state
        self.state = (old * 6364136223846793005 + 1442695040888963407) & self.MASK
        word = (((old >> 18) ^ old) >> 27) & 0xFFFFFFFF
        turn = old >> 59
        return ((word >> turn) | (word << (32 - turn))) & 0xFFFFFFFF

    def below(self, n):
        return self.next() * n >> 32

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def unit(self):
        """In [0, 1), exact in binary."""
        return self.next() / 4294967296.0

    def signed(self):
        """Around 0 within (-1, 1), small values likelier."""
        return self.unit() - self.unit()

    def chance(self, permille):
        return self.below(1000) < permille

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, weights):
        """An index, by integer weights."""
        mark = self.below(sum(weights))
        for index, weight in enumerate(weights):
            mark -= weight
            if mark < 0:
                return index
        raise ValueError("no weight")
