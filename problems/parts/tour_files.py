"""Files of cities and tours."""

from os import PathLike
from typing import ClassVar

from hopfield_opt.errors import ReadError
from hopfield_opt.io import find_format, tsplib
from hopfield_opt.io.cities import Cities
from hopfield_opt.io.weighted_graph import WeightedGraph

# cities whose table of distances is made even where no tour can be: some 10^7 bytes
MOST_WITHOUT_ROADS = 2**11


def with_roads(path: str | PathLike[str], found: Cities | WeightedGraph) -> Cities | WeightedGraph:
    """Return what was read, if its size is worth a table of distances.

    Raises
    ------
    ReadError
        If there are many cities, and fewer roads than any path through them takes: a few bytes
        must not take all memory.
    """
    if isinstance(found, WeightedGraph):
        cities, roads = found.num_vertices, found.num_edges
        if cities > MOST_WITHOUT_ROADS and roads < cities - 1:
            message = f"file must hold {cities - 1} roads or more for {cities} cities, got {roads}."
            raise ReadError(path, None, f"{message} There is no tour.")
    return found


class TourFiles:
    """The part of a problem that writes its cities, and reads tours of them."""

    formats: ClassVar[tuple[str, ...]] = ("tsplib", "edge-list", "metis", "rudy", "csv")

    cities: Cities

    def write(self, path: str | PathLike[str], format: str | None = None) -> None:
        """Write the distances for TSPLIB, by cities that are numbered from 1.

        As a matrix; of more than 4096 cities that were read with places, as these.

        Raises
        ------
        InputError
            If a road is missing, which the format cannot say, or the file cannot be written.
        """
        find_format(path, format, ("tsplib",)).write(self.cities, path)

    @staticmethod
    def read_tour(path: str | PathLike[str]) -> list[int]:
        """Return the tour of a TSPLIB file such as `berlin52.opt.tour`.

        `evaluate` tells its length for a problem that was read from a file, whose cities have the
        same numbers, and what is wrong with it. The command line shows the gap of an answer to it
        with ``hopfield-opt solve tsp berlin52.tsp --tour berlin52.opt.tour``.

        Parameters
        ----------
        path : path-like
            The file.

        Returns
        -------
        list of int
            The numbers of the cities in order, of the first tour if there are several.

        Raises
        ------
        InputError
            If there is no such file, or (ReadError, naming the line) it is not of this form.
        """
        return tsplib.read_tour(path)
