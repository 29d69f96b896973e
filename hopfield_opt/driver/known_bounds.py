"""What is known of all values: the best bound, what it is by, and when each was found."""

from typing import NamedTuple

import numpy as np

from hopfield_opt.bounds import Certificate


class Claim(NamedTuple):
    """A bound on all values, in the user's sense, since some second of the run."""

    seconds: float
    value: float
    by: str


class KnownBounds:
    """Bounds on all values, each better than those before.

    Parameters
    ----------
    sense : {"minimize", "maximize"}
        The user's sense.

    Attributes
    ----------
    certificate : Certificate or None
        The proof of one of them, which anybody can check.
    claims : list of Claim
        All that were the best when they were found.
    """

    def __init__(self, sense: str) -> None:
        self._sign = 1.0 if sense == "minimize" else -1.0
        self.certificate: Certificate | None = None
        self.claims: list[Claim] = []

    @property
    def value(self) -> float | None:
        """The best bound, None where there is none."""
        return self.claims[-1].value if self.claims else None

    def by(self, bound: float) -> str:
        """Return what a bound is by, in words: its certificate, or the search that found it."""
        if self.certificate is not None and self.certificate.agrees(bound):
            return self.certificate.by
        return next((claim.by for claim in self.claims if claim.value == bound), "")

    def certify(self, certificate: Certificate | None, seconds: float) -> None:
        """Take a bound with its proof."""
        self.certificate = certificate
        if certificate is not None:
            self.claim(certificate.bound, seconds, certificate.by)

    def claim(self, value: float, seconds: float, by: str) -> None:
        """Take a bound in the user's sense, if it is better than what is known."""
        best = self.value
        if np.isfinite(value) and (best is None or self._sign * (value - best) > 0):
            self.claims.append(Claim(seconds, float(value), by))

    def agrees(self, value: float) -> bool:
        """Whether a value is as good as the certified bound allows."""
        return self.certificate is not None and self.certificate.agrees(value)
