"""Where the instances come from: public files in a folder.

The folder that `--data` names has these folders, each with its files as they are published (any
of them may lie in a folder further down) and best_known.csv, whose columns `name` and
`best_known` count here (of bipartitions the rows whose `imbalance_percent` is 0):

    gset                Max-Cut, rudy format: https://web.stanford.edu/~yyye/yyye/Gset/
    tsplib              TSPLIB
    qaplib              QAPLIB
    partition           Walshaw's partition archive, METIS format
    dimacs/coloring     DIMACS challenge
    dimacs/clique       DIMACS challenge
    qubo                OR-Library (bqp), Biq Mac (gka, be, and of Max-Cut torus)

`name-k` is the k-th instance in the file `name`.
"""

import csv
from pathlib import Path
from typing import Any

from hopfield_opt import problems

FOLDERS = {
    "max-cut": ("gset", "qubo"),
    "tsp": ("tsplib",),
    "qap": ("qaplib",),
    "bipartition": ("partition",),
    "coloring": ("dimacs/coloring",),
    "clique": ("dimacs/clique",),
    "qubo": ("qubo",),
}


def read(problem: str, data: Path, name: str) -> Any:
    """Return the problem of the file with a name, or of the k-th instance in it for `name-k`."""
    path, index = file_of(problem, data, name)
    return problems.named(problem).read(path, **({} if index is None else {"index": index}))


def file_of(problem: str, data: Path, name: str) -> tuple[Path, int | None]:
    """Return the file with a name, or the one that `name-k` is in, with k."""
    stem, dash, index = name.rpartition("-")
    for folder in (data / one for one in FOLDERS[problem]):
        if files := sorted([*folder.rglob(name), *folder.rglob(f"{name}.*")]):
            return files[0], None
        if dash and (files := sorted(folder.rglob(f"{stem}.*"))):
            return files[0], int(index)
    raise SystemExit(f"--data must hold {name} of {problem}, got no such file.")


def best_known(problem: str, data: Path, name: str) -> float:
    """Return the best value known of an instance."""
    for folder in FOLDERS[problem]:
        with open(data / folder / "best_known.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["name"] == name and row.get("imbalance_percent", "0") == "0":
                    return float(row["best_known"])
    raise SystemExit(f"best_known.csv must have {name} of {problem}, got no row of it.")
