"""Ladders of temperatures, and how replicas climb them by exchange."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from hopfield_opt.arrays import FloatArray, IntArray

# The first temperatures are judged after this many exchanges; each later judgement takes twice
# as many as the one before, and after so many of them the temperatures stay: some 1000 exchanges.
FIRST_ROUND = 16
ROUNDS = 6
# No pair of temperatures counts as exchanged for free: they would drift apart without limit.
LEAST_REJECTION = 0.01


@dataclass(frozen=True, eq=False)
class Ladder:
    """Inverse temperatures, hot first, and who is at which.

    Several ladders of the same temperatures stand side by side and exchange nothing.

    Attributes
    ----------
    betas : (T,) float64
        Inverse temperatures, rising.
    holders : (K, T) int64
        The replica at each temperature of each ladder.
    exchanges : int
        How often neighbours were asked to exchange.
    accepted, asked : (T - 1,) float64
        The probabilities of exchange between neighbours, added up since the temperatures were
        chosen, and their number.
    rounds : int
        How often the temperatures were chosen anew.
    """

    betas: FloatArray
    holders: IntArray
    exchanges: int
    accepted: FloatArray
    asked: FloatArray
    rounds: int

    @classmethod
    def of(cls, betas: FloatArray, replicas: int, rounds: int) -> Self:
        """Return as many ladders as the replicas fill, adapted for `rounds` more rounds."""
        none = np.zeros(len(betas) - 1)
        return cls(betas, np.arange(replicas).reshape(-1, len(betas)), 0, none, none, rounds)

    def by_replica(self) -> FloatArray:
        """Return the inverse temperature (R,) of each replica."""
        betas = np.empty(self.holders.size)
        betas[self.holders] = self.betas
        return betas

    def exchange(self, energies: FloatArray, draws: FloatArray) -> Self:
        """Return the ladder after neighbours exchanged their temperatures, or did not.

        Replicas at beta and beta' exchange with probability

            min(1, exp((beta' - beta) (E' - E))),

        even pairs and odd ones in turn.

        Parameters
        ----------
        energies : (R,) float64
            Of the replicas.
        draws : (K, T - 1) float64
            Random numbers in [0, 1).
        """
        here, there = energies[self.holders[:, :-1]], energies[self.holders[:, 1:]]
        exponent = np.diff(self.betas) * (there - here)
        probability = np.exp(np.minimum(exponent, 0.0))
        turn = np.arange(len(self.betas) - 1) % 2 == self.exchanges % 2
        rows, ranks = np.nonzero((draws < probability) & turn)
        holders = self.holders.copy()
        holders[rows, ranks] = self.holders[rows, ranks + 1]
        holders[rows, ranks + 1] = self.holders[rows, ranks]
        return replace(
            self,
            holders=holders,
            exchanges=self.exchanges + 1,
            accepted=self.accepted + turn * probability.sum(axis=0),
            asked=self.asked + turn * len(holders),
        )

    def adapt(self) -> Self:
        """Return the ladder with temperatures chosen anew if it is time to.

        The rejection rates r between neighbours add up to a length along the ladder; the new
        temperatures divide it evenly, so that all pairs are exchanged as often. The ends stay.

        References
        ----------
        S. Syed, A. Bouchard-Cote, G. Deligiannidis, A. Doucet, J. R. Stat. Soc. B 84, 321
        (2022), Algorithm 4.
        """
        due = FIRST_ROUND * (2 ** (ROUNDS - self.rounds + 1) - 1)
        if not self.rounds or self.exchanges < due:
            return self
        rejected = 1 - self.accepted / np.maximum(self.asked, 1)
        length = np.cumsum(np.append(0.0, np.maximum(rejected, LEAST_REJECTION)))
        even = np.linspace(0, length[-1], len(length))
        betas = np.interp(even, length, self.betas)
        none = np.zeros(len(betas) - 1)
        return replace(self, betas=betas, accepted=none, asked=none, rounds=self.rounds - 1)
