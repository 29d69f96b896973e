"""Ways to keep constraints that overlap: each compiles to the same optimum."""

import itertools
from typing import Any

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt import moves
from hopfield_opt.compiler.structure import WAYS
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot


def roster(keep: bool | None = None, **more: Any) -> ho.Model:
    """Return people and shifts: an exact count for each, at most one a day and four in all."""
    m = ho.Model()
    x = m.binary((4, 6), name="works")
    m.maximize((x * np.arange(24).reshape(4, 6)).sum())
    m.add(x.sum(axis=0) == 2, name="covered", keep=keep, **more)
    m.add(x.reshape(4, 2, 3).sum(axis=2) <= 1, name="one a day")
    m.add(x.sum(axis=1) <= 4, name="not too many")
    m.add(x[0] + x[1] <= 1, name="apart")
    return m


def random_model(seed: int) -> ho.Model:
    """Return a model over nine binaries with rows of several kinds that overlap at random."""
    rng = np.random.default_rng(seed)
    m = ho.Model()
    x = m.binary(9, name="x")
    pairs = rng.integers(-4, 5, (9, 9))
    m.minimize((x * rng.integers(-9, 10, 9)).sum() + (x @ pairs @ x) * int(rng.integers(0, 2)))
    for _ in range(rng.integers(2, 6)):
        own = rng.choice(9, rng.integers(2, 6), replace=False)
        kind = rng.integers(0, 5)
        total = x[own].sum()
        if kind == 0:
            m.add(total == 1)
        elif kind == 1:
            m.add(total <= 1)
        elif kind == 2:
            m.add(total == int(rng.integers(0, len(own))))
        elif kind == 3:
            m.add((x[own] * rng.integers(-3, 4, len(own))).sum() == int(rng.integers(-2, 3)))
        else:
            m.add(x[own[0]] <= x[own[1]])
    return m


def best_of(model: ho.Model) -> float | None:
    """Return the least value of all assignments that are feasible, None if there is none."""
    found = [model.evaluate({"x": bits}) for bits in itertools.product((0, 1), repeat=9)]
    return min((one.value for one in found if one.feasible), default=None)


def lowest(compiled: ho.compiler.Compiled) -> Any:
    """Return the assignment of the lowest state in which all groups hold."""
    network = compiled.hamiltonian
    states = np.array(list(itertools.product((-1, 1), repeat=network.num_spins)), dtype=np.int8)
    right = np.all([group.violation(states) == 0 for group in network.groups], axis=0)
    states = states[right] if network.groups else states
    return compiled.decode(states[int(np.argmin(network.energy(states)))])


@pytest.mark.parametrize("seed", range(16))
def test_every_way_compiles_to_the_same_optimum(seed: int) -> None:
    """The lowest state that keeps the groups is the best assignment, whatever is kept."""
    model = random_model(seed)
    best = best_of(model)
    for structure in ("auto", *WAYS):
        for overlaps in (False, True):
            compiled = ho.compile(model, structure, keeps_overlaps=overlaps)
            if best is None:
                result = ho.solve(compiled, method="exhaustive")
                assert not result.feasible
            elif compiled.hamiltonian.num_spins <= 14:
                found = lowest(compiled)
                assert found.feasible
                assert found.value == best


def test_ways_keep_what_their_names_say() -> None:
    """Disjoint groups, counts before at-most-ones, all rows; only for methods that keep these."""
    kinds = {
        "disjoint": {AtMostOne: 8, Linear: 4},
        "counts": {Cardinality: 6, Linear: 12},
        "all": {Cardinality: 6, Linear: 18},
        "penalty": {},
    }
    for name, wanted in kinds.items():
        groups = ho.compile(roster(), name, keeps_overlaps=True).hamiltonian.groups
        assert {kind: sum(type(g) is kind for g in groups) for kind in wanted} == wanted
        assert len(groups) == sum(wanted.values())
    assert ho.compile(roster(), keeps_overlaps=True).ways == ("all", "counts", "disjoint")
    assert ho.compile(roster(), keeps_overlaps=False).ways == ("counts", "disjoint")


def test_ways_of_one_network_are_those_of_their_names() -> None:
    """What is made of the first way is what compiling in the other would give."""
    compiled = ho.compile(roster(), keeps_overlaps=True)
    for name in compiled.ways:
        own, alone = compiled.way(name), ho.compile(roster(), name, keeps_overlaps=True)
        assert own.report() == alone.report()
        assert own.options.structure in (name, "auto")


@pytest.mark.parametrize("seed", range(8))
def test_ways_share_groups_that_checks_would_pass(seed: int) -> None:
    """Each is what its constructor makes of its fields; what two ways keep alike is one object."""
    recipe = ho.compile(random_model(seed), presolve="off").recipe
    programs = recipe.structured.programs if recipe.structured else {}
    groups = [group for one in programs.values() for group in one.groups]
    for group in groups:
        again: Any = type(group)(**vars(group))
        assert repr(again) == repr(group)
        for name, value in vars(group).items():
            assert type(value) is type(getattr(again, name))
    assert len(set(map(id, groups))) == len(set(map(repr, groups)))


def test_groups_of_rows_take_as_much_room_as_the_rows() -> None:
    """In all ways together they hold one copy of the numbers, however many rows overlap."""
    room = []
    for size in (50, 200):
        m = ho.Model()
        x = m.binary((size, size), name="x")
        m.minimize((x * np.arange(size**2).reshape(size, size)).sum())
        m.add(x.sum(axis=0) == 2, x.sum(axis=1) <= 2, x.reshape(-1, 5).sum(axis=1) <= 1)
        recipe = ho.compile(m).recipe
        assert recipe.structured is not None
        arrays: dict[int, int] = {}
        for program in recipe.structured.programs.values():
            for group in program.groups:
                for value in vars(group).values():
                    if isinstance(value, np.ndarray):
                        base = value if value.base is None else value.base
                        arrays[id(base)] = base.nbytes
        room.append(sum(arrays.values()) / (3 * size**2))
    assert room[0] == room[1] == 16.0


@pytest.mark.parametrize(
    "rules",
    [
        lambda x: [x.sum(axis=0) == 1, x.sum(axis=1) == 1],
        lambda x: [x.sum(axis=0) == 2, x.sum() >= 3],
        lambda x: [x[0] + x[1] <= 1],
        lambda x: [(x * [1, 2, 3, 4]).sum(axis=1) <= 5],
    ],
)
def test_where_nothing_overlaps_there_is_one_way(rules: Any) -> None:
    """Permutations, counts, ranges and pairs alone are kept as ever."""
    m = ho.Model()
    x = m.binary((4, 4), name="x")
    m.minimize((x * np.arange(16).reshape(4, 4)).sum())
    m.add(*rules(x))
    assert ho.compile(m, keeps_overlaps=True).ways == ("disjoint",)


def test_rules_are_kept_as_the_user_says() -> None:
    """True takes a rule before others, False makes it a penalty."""
    kept = ho.compile(roster(keep=True), "disjoint")
    assert sum(type(group) is Cardinality for group in kept.hamiltonian.groups) == 6
    assert "covered" not in kept.report()
    for structure in ("auto", "all", "counts", "disjoint"):
        loose = ho.compile(roster(keep=False), structure, keeps_overlaps=True)
        assert "keep=False: covered (6)" in loose.report()
        assert len(loose.hamiltonian.groups) == (18 if structure in ("auto", "all") else 12)


def overlapping() -> ho.Model:
    """Return a model of which all rows are to be kept, and overlap."""
    m = ho.Model()
    x = m.binary((3, 3, 3), name="x")
    m.add(x.sum(axis=(1, 2)) == 1, x.sum(axis=(0, 2)) == 1, keep=True, name="lines")
    return m


def products() -> ho.Model:
    """Return a model with a rule on products that is to be kept."""
    m = ho.Model()
    x = m.binary(4, name="x")
    m.add((x * x.roll(1) * 2).sum() == 3, keep=True, name="products")
    return m


@pytest.mark.parametrize(
    ("make", "options", "reason"),
    [
        (overlapping, {"keeps_overlaps": False}, "overlap, which the method does not keep"),
        (lambda: roster(keep=True), {"structure": "penalty"}, 'structure="penalty"'),
        (lambda: roster(keep=True), {"keeps": [OneHot]}, "Cardinality groups"),
        (products, {}, "products"),
    ],
)
def test_what_must_be_kept_and_cannot_is_an_error(make: Any, options: Any, reason: str) -> None:
    """It names the rule and says why."""
    with pytest.raises(InputError, match=f"^keep must be .*{reason}"):
        ho.compile(make(), **options)
    ho.compile(overlapping())


def test_keep_and_a_weight_contradict_each_other() -> None:
    """What the moves keep has no weight; what they must not may have one."""
    with pytest.raises(InputError, match="keep must be None or False .* leave one of the two out"):
        roster(keep=True, penalty=2.0)
    with pytest.raises(InputError, match="keep must be"):
        roster(keep="yes")  # type: ignore[arg-type]
    assert "weight 2," in ho.compile(roster(keep=False, penalty=2.0)).report()


def test_rows_of_one_call_are_one_line_of_the_report() -> None:
    """However many constraints a call has; and of many calls most are counted."""
    m = ho.Model()
    x = m.binary(60, name="x")
    m.minimize(x.sum())
    m.add(*(x[k] + x[k + 1] >= 1 for k in range(59)), name="covered")
    report = ho.compile(m).report()
    assert "covered: 59 rows, weight" in report
    for k in range(58):
        m.add(x[k] + x[k + 2] >= 1)
    report = ho.compile(m).report()
    assert "c64: 1 row" in report
    assert "52 others, c65 to c116: 52 rows, " in report
    assert len(report.splitlines()) < 20


def lines() -> ho.Hamiltonian:
    """Return a network whose rows and columns are counts that overlap."""
    block = np.arange(9).reshape(3, 3)
    groups = [Linear(line, np.ones(3), 1, 1) for line in (*block, *block.T)]
    return ho.Hamiltonian(np.zeros((9, 9)), np.arange(9.0), groups=groups)


def test_networks_with_equalities_that_overlap_suit_the_method() -> None:
    """They are kept, or become penalties with the reason; what was compiled is refused."""
    kept = ho.compile(lines()).hamiltonian
    assert len(kept.groups) == 6
    compiled = ho.compile(lines(), keeps_overlaps=False)
    assert compiled.hamiltonian.groups == ()
    assert "equalities that overlap, which the method does not keep: Linear[0] (1)" in (
        compiled.report()
    )
    for method in ("metropolis", "tabu"):
        with pytest.raises(InputError, match=r'^method must keep .* structure="counts"'):
            ho.solve(ho.compile(overlapping()), method=method, sweeps=3, seed=0)
        with pytest.raises(InputError, match="^method must keep equalities that overlap"):
            ho.run(kept, method, sweeps=3, seed=0)
    values = [ho.solve(lines(), method=m, seed=0).energy for m in ("auto", "tabu", "exhaustive")]
    assert len(set(values)) == 1


@pytest.mark.parametrize("name", ho.dynamics.available())
def test_who_samples_refuses_what_its_moves_do_not_keep(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only searches declare that they keep equalities that overlap; who samples refuses them."""
    asked: list[bool] = []
    build = moves._build

    def spy(network: ho.Hamiltonian, *, uniform: bool) -> Any:
        asked.append(uniform)
        layout = build(network, uniform=uniform)
        assert not (uniform and type(layout).__name__ == "ChainLayout")
        return layout

    monkeypatch.setattr(moves, "_build", spy)
    network, dynamics = lines(), ho.dynamics.named(name)()
    if name == "auto" or dynamics.misfit(network) or not dynamics.keeps:
        return
    if dynamics.keeps_overlaps:
        states = ho.run(network, name, sweeps=3, seed=0).states
        assert all((group.violation(states) == 0).all() for group in network.groups)
        assert not any(asked)
        return
    with pytest.raises(InputError, match=r"^method must keep (equalities|Linear)") as refused:
        ho.run(network, name, sweeps=3, seed=0)
    assert "\n" not in str(refused.value)
    if Linear in dynamics.keeps:  # ranges that overlap are kept by all of these
        ranges = [Linear(one.indices, one.coefficients, 0, 1) for one in network.groups]
        own = ho.Hamiltonian(np.zeros((9, 9)), np.arange(9.0), groups=ranges)
        states = ho.run(own, name, sweeps=3, seed=0).states
        assert all((group.violation(states) == 0).all() for group in own.groups)


def test_a_result_says_which_equalities_became_penalties() -> None:
    """Unless the user asked for it, or the answer is proven anyway."""
    options: dict[str, Any] = {"seed": 0, "sweeps": 20, "method": "simulated-annealing"}
    result = ho.solve(roster(), structure="disjoint", **options)
    assert result.notes == (
        "equalities became penalties, which moves may not get over: covered (6)",
    )
    assert f"note     {result.notes[0]}" in str(result)
    for model, structure in (
        (roster(), "counts"),
        (roster(), "penalty"),
        (roster(keep=False), "disjoint"),
    ):
        notes = ho.solve(model, structure=structure, **options).notes
        assert not any("equalities" in note for note in notes)
    assert ho.solve(roster(), structure="disjoint", method="exhaustive").notes == ()
