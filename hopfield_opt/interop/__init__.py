"""Where users already are: what other packages call, one folder or file for each of them.

Nothing here is loaded by ``import hopfield_opt``; each part imports its host when it is used.
`networkx` finds its backend by an entry point: ``f(graph, backend="hopfield")``.
"""
