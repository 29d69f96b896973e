"""The formula of each problem in mathematical notation, and what its letters mean.

The docstrings say the same in plain text, for terminals.
"""

FORMULAS: dict[str, tuple[str, str]] = {
    "bipartition": (
        r"\min_s \sum_{(u,v) \in E} w_{uv} \frac{1 - s_u s_v}{2} \qquad "
        r"\text{subject to} \quad l \leq \sum_v \frac{1 + s_v}{2} \leq n - l",
        "Vertex v of n is on the side :math:`s_v = \\pm 1`; E are the edges, w their weights. l is "
        "n / 2 rounded down, or less by what `imbalance` allows; with `sizes` the sum is the first "
        "of them. The answer is the two sides.",
    ),
    "clique": (
        r"\max_x \sum_v c_v x_v \qquad "
        r"\text{subject to} \quad x_u + x_v \leq 1 \quad \text{for each pair } (u, v) \notin E",
        ":math:`x_v = 1` where vertex v is chosen; c are the weights of the vertices, E the edges. "
        "The answer is the set of chosen vertices.",
    ),
    "coloring": (
        r"\min k \qquad \text{subject to} \quad \sum_{c=1}^{k} x_{vc} = 1 \; \text{ for each } v, "
        r"\quad x_{uc} + x_{vc} \leq 1 \; \text{ for each } (u, v) \in E \text{ and } c",
        ":math:`x_{vc} = 1` where vertex v has colour c; E are the edges. One network has one k; "
        "after each success the next one has a colour less. The answer gives each vertex its "
        "colour.",
    ),
    "image-restoration": (
        r"\min_x \; f \sum_p |x_p - y_p| + J \sum_{(p,q)} [x_p \neq x_q]",
        ":math:`x_p` is the level of pixel p, :math:`y_p` the one in the noisy image; the second "
        "sum is over pairs of neighbours, a bracket is 1 where it holds. f is `field`, J is "
        "`coupling`. The answer is the image.",
    ),
    "independent-set": (
        r"\max_x \sum_v c_v x_v \qquad "
        r"\text{subject to} \quad x_u + x_v \leq 1 \quad \text{for each } (u, v) \in E",
        ":math:`x_v = 1` where vertex v is chosen; c are the weights of the vertices, E the edges. "
        "The answer is the set of chosen vertices.",
    ),
    "knapsack": (
        r"\max_x \sum_i v_i x_i \qquad "
        r"\text{subject to} \quad \sum_i w_{ik} x_i \leq c_k \quad \text{for each } k",
        ":math:`x_i` says how many of item i are taken, at most one unless `counts` says more; v "
        "are the values, w the weights, c the capacities. The answer is the set of items that are "
        "taken, with `counts` a dict.",
    ),
    "matching": (
        r"\max_x \sum_{e \in E} w_e x_e \qquad "
        r"\text{subject to} \quad \sum_{e \ni v} x_e \leq 1 \quad \text{for each } v",
        ":math:`x_e = 1` where edge e is chosen; w are the weights. A perfect matching has "
        "equalities, and the least weight is asked for. The answer is a set of pairs. The network "
        "is another one where that is faster: vertices take places, the places 1 and 2, 3 and 4, "
        "... are partners, and :class:`~hopfield_opt.problems.WeightedMatching` says more.",
    ),
    "max-cut": (
        r"\max_s \sum_{(u,v) \in E} w_{uv} \frac{1 - s_u s_v}{2}",
        "Vertex v is on the side :math:`s_v = \\pm 1`; E are the edges, w their weights. The "
        "answer is the two sides.",
    ),
    "memory": (
        r"\max_k \; m_k = \frac{1}{N} \sum_{i=1}^{N} \xi_i^k \, \sigma_i",
        ":math:`\\xi^k` are the patterns and :math:`\\sigma` is the cue, of -1 and +1. The network "
        "goes from the cue to an attractor; the answer is its label, `memory 2`. A mixture, a "
        "spurious state or a cycle names no single pattern: it is not feasible.",
    ),
    "number-partition": (
        r"\min_s \; \left| \sum_i a_i s_i \right|",
        "Number :math:`a_i` is in the part :math:`s_i = \\pm 1`. The energy is the square. The "
        "answer is the two parts.",
    ),
    "qap": (
        r"\min_p \sum_{i,j} a_{ij} \, b_{p(i) p(j)} + \sum_i c_{i p(i)}",
        "Facility i stands at location p(i), a permutation; a are the flows, b the distances, c "
        "the costs. The answer is the list of locations.",
    ),
    "qubo": (
        r"\min_x \sum_{i,j} Q_{ij} x_i x_j + \text{offset}, \qquad x_i = 0 \text{ or } 1",
        "Q is upper triangular, symmetric or neither: all its entries are added up. It can be "
        "maximised as well, and `ising=True` takes spins of -1 and +1. The answer is the x.",
    ),
    "queens": (
        r"\sum_j x_{ij} = 1, \qquad \sum_i x_{ij} = 1, \qquad "
        r"\sum_{i - j = d} x_{ij} \leq 1, \qquad \sum_{i + j = d} x_{ij} \leq 1",
        ":math:`x_{ij} = 1` where a queen stands in row i and column j; d goes over the diagonals "
        "of both directions. The answer lists the column of the queen in each row; its value is "
        "the number of pairs that attack each other.",
    ),
    "set-cover": (
        r"\min_x \sum_j w_j x_j \qquad "
        r"\text{subject to} \quad \sum_{j \,:\, e \in S_j} x_j \geq 1 \quad \text{for each } e",
        ":math:`x_j = 1` where set :math:`S_j` is chosen; w are the weights, e goes over the "
        "elements. The answer is the set of the chosen sets' names.",
    ),
    "tsp": (
        r"\min_x \sum_t \sum_{i,j} d_{ij} \, x_{it} \, x_{j,t+1} \qquad "
        r"\text{subject to} \quad \sum_i x_{it} = 1, \quad \sum_t x_{it} = 1",
        ":math:`x_{it} = 1` where city i is visited at step t, the first step following the last; "
        "d are the distances. The answer is the list of cities in order.",
    ),
    "vertex-cover": (
        r"\min_x \sum_v c_v x_v \qquad "
        r"\text{subject to} \quad x_u + x_v \geq 1 \quad \text{for each } (u, v) \in E",
        ":math:`x_v = 1` where vertex v is chosen; c are the weights of the vertices, E the edges. "
        "The answer is the set of chosen vertices; the others are an independent set.",
    ),
}
