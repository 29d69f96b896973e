"""What more is proven of tours than their model says."""

from collections.abc import Hashable

from hopfield_opt.bounds.tours import TourInstance
from hopfield_opt.io.cities import Cities


class BoundedTours:
    """The part of a problem that says what its tours are, for bounds on their length."""

    cities: Cities
    cycle: bool
    first: Hashable | None
    last: Hashable | None

    def bounded_data(self) -> TourInstance | None:
        """Return the roads in exact numbers; None of two cities, or of too many for a table."""
        ends = (None if end is None else self.cities.index[end] for end in (self.first, self.last))
        return TourInstance.of(self.cities, self.cycle, *ends)
