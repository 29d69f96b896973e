"""Tours of TSPLIB, edges that every tour must take, and words behind a keyword."""

import itertools
import json

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import cli
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io.cities import Cities
from hopfield_opt.problems import TravellingSalesman

TSP = """NAME : quadrat
TYPE : TSP (M.~Hofmeister)
COMMENT : größer als 3 # nicht
DIMENSION : 4 # of them
EDGE_WEIGHT_TYPE : EUC_2D (as usual)
NODE_COORD_SECTION
1 0 0 # here
2 3 0
3 3 4
4 0 4
EOF
"""
TOUR = "NAME : quadrat.opt.tour\nTYPE : TOUR\nDIMENSION : 4\nTOUR_SECTION\n2 1\n4\n3\n-1\nEOF\n"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def put(name, text, encoding="utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return put


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_words_behind_a_keyword(write, encoding):
    """A remark behind the type, a comment, and letters older than UTF-8 are no errors."""
    cities = TravellingSalesman.read(write("q.tsp", TSP, encoding)).cities
    assert cities.name == "quadrat"
    assert cities.distances[0].tolist() == [0, 3, 5, 4]
    named = write("n.tsp", TSP.replace("quadrat", "Köln #3"), encoding)
    assert TravellingSalesman.read(named).cities.name == "Köln #3"


def test_a_tour_is_read(write):
    """It comes in its own order, and its length is what the problem says of it."""
    tour = TravellingSalesman.read_tour(write("q.opt.tour", TOUR))
    assert tour == [2, 1, 4, 3]
    assert TravellingSalesman.read(write("q.tsp", TSP)).evaluate(tour).value == 14
    assert TravellingSalesman.read_tour(write("t", TOUR.replace("\n-1", ""))) == tour
    assert TravellingSalesman.read_tour(write("t", TOUR.replace("-1", "-1 1 2 -1"))) == tour
    without = TOUR.replace("TYPE : TOUR\n", "").replace("DIMENSION : 4\n", "")
    assert TravellingSalesman.read_tour(write("t", without)) == tour


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TOUR.replace("4\n3", "4\n1"), ":7: city must stand once, got 1 also in line 5"),
        (TOUR.replace("\n3\n", "\n"), ":7: TOUR_SECTION must have 4 cities, got 3. Is it cut off"),
        (TOUR.replace("\n3\n", "\nx\n"), ":7: line must be .KEYWORD : value., got .x."),
        (TOUR.replace("\n3\n", "\n-3\n"), ":7: number of a city must be a whole number"),
        (TOUR.replace(": TOUR", ": TSP"), ":2: TYPE must be one of TOUR, got 'TSP'"),
        (TOUR[:36], "must have a section TOUR_SECTION, got none"),
        (TSP, ":2: TYPE must be one of TOUR, got 'TSP .M.~Hofmeister.'"),
        ("", "must hold an instance, got nothing"),
        ("\0", "must be text"),
    ],
)
def test_what_is_no_tour(write, content, message):
    """It is refused with file and line; a tour is no problem, either."""
    with pytest.raises(ReadError, match=message):
        TravellingSalesman.read_tour(write("t", content))
    with pytest.raises(ReadError, match=":4: file must hold cities, got a tour .*read_tour"):
        TravellingSalesman.read(write("t", TOUR))


def test_the_command_line_shows_the_gap_to_a_tour(write, capsys):
    """It prints the length of the tour and how much longer the answer is."""
    cities = write("q.tsp", TSP)
    longer = write("t", TOUR.replace("2 1\n4\n3", "1 3\n2\n4"))
    words = ["solve", "tsp", str(cities), "--tour", str(longer), "--seed", "0", "--sweeps", "20"]
    assert cli.main(words) == 0
    assert "  known    18 (gap -22.22%)\n" in capsys.readouterr().out
    assert cli.main([*words, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["known"], shown["value"]) == (18, 14)
    assert shown["known_gap"] == pytest.approx(-4 / 18)
    words[4] = str(write("t", TOUR))
    assert cli.main(words) == 0
    assert "  known    14 (gap 0.00%)\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("problem", "tour", "message"),
    [
        ("tsp", TOUR.replace("4\n3", "4\n5"), "t: tour must be one of the cities of FILE, got"),
        ("max-cut", TOUR, "--tour must be left out for max-cut"),
        ("tsp", "TOUR_SECTION\n1\n1\n", "t:3: city must stand once"),
    ],
)
def test_a_tour_that_does_not_fit(write, capsys, problem, tour, message):
    """It is refused in one line before anything is solved."""
    file = write("q.tsp", TSP) if problem == "tsp" else write("q.rud", "2 1\n1 2\n")
    assert cli.main(["solve", problem, str(file), "--tour", str(write("t", tour))]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def shortest(problem):
    """Return the least value of all orders that violate nothing, None if there is none."""
    orders = itertools.permutations(problem.cities.labels)
    found = (problem.evaluate(list(order)) for order in orders)
    return min((e.value for e in found if e.feasible), default=None)


@pytest.mark.parametrize("seed", range(8))
def test_fixed_edges_are_taken(seed):
    """The answer is the shortest that takes them, by search and exactly; or there is none."""
    draws = np.random.default_rng(seed)
    distances = draws.integers(1, 50, (5, 5)).astype(float)
    np.fill_diagonal(distances, 0.0)
    if seed % 2:
        distances += distances.T
    pairs = [tuple(draws.choice(5, 2, replace=False).tolist()) for _ in range(1 + seed % 3)]
    problem = TravellingSalesman(Cities(range(5), distances, fixed=pairs), cycle=seed % 4 < 2)
    best = shortest(problem)
    result = ho.solve(problem, seed=0, sweeps=200)
    exact = next(b for b in problem.baselines() if b.exact)
    assert result.feasible == (best is not None)
    if best is None:
        return
    assert result.value == result.energy == best
    assert result.bound is None or result.bound <= best
    assert problem.evaluate(exact.run(0, None)) == problem.evaluate(result.answer)


def test_fixed_edges_of_a_file(write):
    """They are read, named where a tour does not take them, and written again."""
    with_edges = TSP.replace("EOF", "FIXED_EDGES_SECTION\n1 3\n-1\nEOF")
    problem = TravellingSalesman.read(write("q.tsp", with_edges))
    assert problem.cities.fixed == ((1, 3),)
    skipped = {"fixed but not taken: (1, 3)": 1.0}
    assert problem.evaluate([1, 2, 3, 4]).violations == skipped
    assert ho.solve(problem, seed=0, sweeps=50).value == 5 + 3 + 5 + 3
    path = write("again.tsp", "")
    problem.write(path)
    assert TravellingSalesman.read(path).cities.fixed == ((1, 3),)


def test_fixed_edges_of_few_cities():
    """Two cities have one road, which a tour takes; there is no tour without it to be longer."""
    two = TravellingSalesman(Cities("ab", [[0, 2], [2, 0]], fixed=["ba"]))
    result = ho.solve(two, seed=0)
    assert (result.value, result.feasible, result.energy) == (4, True, 4)
    for wrong in (("a", "a"), ("a", "c")):
        with pytest.raises(InputError, match="fixed road must join two of the cities, got"):
            Cities("ab", np.zeros((2, 2)), fixed=[wrong])
    with pytest.raises(InputError, match="got a fixed road"):
        two.hopfield_tank_1985()


def test_many_cities_with_few_roads(write):
    """A small file of a graph does not take the memory of a table of distances."""
    with pytest.raises(ReadError, match="must hold 9999 roads or more for 10000 cities"):
        TravellingSalesman.read(write("g.rud", "10000 1\n1 2\n"))
