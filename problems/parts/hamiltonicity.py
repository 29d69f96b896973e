"""Reasons why a road network has no tour: necessary conditions that are quickly checked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching


def why_no_tour(roads: NDArray[np.bool_]) -> tuple[str, int] | None:
    """Return why no closed tour can use only these roads, and a city that it is about.

    None proves nothing: whether there is a tour is an NP-complete question.

    Parameters
    ----------
    roads : (n, n) array of bool
        Whether there is a road from a city (row) to another (column).

    Examples
    --------
    >>> star = np.zeros((4, 4), dtype=bool)
    >>> star[0, 1:] = star[1:, 0] = True
    >>> why_no_tour(star)
    ('more cities than their neighbours could lead on to', 2)
    """
    size = len(roads)
    own = roads & ~np.eye(size, dtype=bool)
    if size < 2:
        return None
    for axis, text in ((1, "no road leads on"), (0, "no road leads there")):
        if not (there := own.any(axis=axis)).all():
            return text, int(there.argmin())
    network = csr_array(own.astype(np.int8))
    count, parts = connected_components(network, directed=True, connection="strong")
    if count > 1:
        return "not every city can be reached from it and back", int((parts != parts[0]).argmax())
    match = np.asarray(maximum_bipartite_matching(network, "column"))
    if (match < 0).any():
        return "more cities than their neighbours could lead on to", int((match < 0).argmax())
    if size > 2 and (own == own.T).all():
        import networkx as nx

        graph: Any = nx.from_scipy_sparse_array(network)
        cut = min(nx.articulation_points(graph), default=None)
        if cut is not None:
            return "without it the network falls apart", int(cut)
    return None
