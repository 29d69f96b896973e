"""What each example says is to be seen, recomputed from what it drew and printed with --quick.

A claim is a function of the figure and of the printed text, by the name of the script.
"""

import re

import numpy as np

CLAIMS = {}


def claim(check):
    """Register a claim under its name."""
    CLAIMS[check.__name__] = check
    return check


def curve(figure, label, ax=None):
    """Return (x, y) of what has a label, in all axes or in one of them."""
    for axes in figure.axes if ax is None else [figure.axes[ax]]:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            if name == label:
                line = getattr(handle, "lines", [handle])[0] if hasattr(handle, "lines") else handle
                return np.array(line.get_xdata(), float), np.array(line.get_ydata(), float)
    raise LookupError(label)


def at(figure, label, x, ax=None):
    """Return the height of a curve at a place, between its points on a line."""
    return float(np.interp(x, *curve(figure, label, ax)))


def numbers(text):
    """Return all numbers in a text."""
    return [float(part) for part in re.findall(r"-?\d+\.?\d*(?:e[-+]\d+)?", text)]


def line(said, begin):
    """Return the numbers after the beginning of the one line that begins so."""
    (found,) = [row for row in said.splitlines() if row.startswith(begin)]
    return numbers(found.removeprefix(begin))


@claim
def anti_memories(figure, said):
    """Negatives are found as often as letters; below 40 % of noise never the letter itself."""
    for name in "HX#":
        away, near = (
            curve(figure, label)[1] for label in (f"-{name} to -{name}", f"{name} to {name}")
        )
        assert np.abs(away - near).max() < 0.25
        noise, wrong = curve(figure, f"-{name} to {name}")
        assert (wrong[noise < 0.35] == 0).all()
    six = line(said, "energies of the letters")
    assert six[:3] == six[3:]


@claim
def attention(figure, said):
    """The update is attention, and errs less with every larger beta."""
    assert line(said, "update and attention differ by")[0] < 1e-12
    _, errors = curve(figure, "error after one update (0.8 before)")
    assert (np.diff(errors) <= 1e-9).all()
    assert errors[0] > 0.9
    assert errors[-1] < 0.01


@claim
def boltzmann_machine(figure, said):
    """Without a hidden unit XOR stays at ln 2; with one the divergence falls; all four agree."""
    assert abs(line(said, "XOR, 0 hidden units: divergence")[-1] - np.log(2)) < 0.01
    assert line(said, "XOR, 1 hidden units: divergence")[-1] < 0.1
    assert min(line(said, "4-2-4: the second group agrees with probability")) > 0.9


@claim
def capacity_curve(figure, said):
    """Hebb fails below 13.8 patterns; the others hold more; exact recall ends first."""
    assert at(figure, "hebb", 5) > 0.9
    assert at(figure, "hebb", 11) < 0.8
    for rule in ("storkey", "pseudo-inverse"):
        assert at(figure, rule, 14) > at(figure, "hebb", 14) + 0.2
    assert at(figure, "m > 0.95", 0.1) > at(figure, "exactly", 0.1) + 0.1


@claim
def cavity_recall(figure, said):
    """Steepest descent holds more minima than 0.138 N, random order fewer than one."""
    sizes, steepest = curve(figure, "steepest", 0)
    assert steepest[-1] > 0.138 * sizes[-1] > 1.5 > curve(figure, "random", 0)[1][-1]
    assert (curve(figure, "steepest", 1)[1] >= curve(figure, "random", 1)[1] - 0.02).all()


@claim
def close_pairs(figure, said):
    """Usually stable at 30, displaced at 20, often fused at 10."""
    rows = {
        int(found[0]): found[1:] for found in map(numbers, said.splitlines()) if len(found) == 4
    }
    assert max(rows[30]) == rows[30][0] > 0.5
    assert max(rows[20]) == rows[20][1] > 0.5
    assert rows[10][2] > 0.3


@claim
def correlated_images(figure, said):
    """Hebb and the cube end in one state; the pseudo-inverse and degree 10 tell all ten apart."""
    for name in ("Hebb", "dense, n = 3"):
        assert line(said, f"{name}:")[::2] == [0, 1]
    for name in ("pseudo-inverse", "dense, n = 10"):
        assert line(said, f"{name}:")[::2] == [10, 10]
    rows = [numbers(row.replace("E(", " ")) for row in said.splitlines() if "E(drawing)" in row]
    assert [drawing == negative for drawing, negative in rows] == [True, True, False, False]


@claim
def costs_of_your_own(figure, said):
    """Every answer is feasible, and constraints of three of the five costs are kept."""
    assert said.count("feasible: True") == 5
    assert [bar.get_width() > 0 for bar in figure.axes[0].containers[3]].count(True) >= 3


@claim
def criticality(figure, said):
    """The magnet follows Onsager below 2.27; the memory forgets at .138, all at once."""
    temperatures, magnetisation = curve(figure, "L = 32, simulated")
    exact = [at(figure, "Onsager, Yang", t) for t in temperatures]
    assert np.abs(magnetisation - exact)[temperatures < 2.25].max() < 0.03
    assert magnetisation[-1] < 0.1
    loads, overlap = curve(figure, "N = 2000, simulated")
    theory = np.array([at(figure, "Amit et al. 1985", load) for load in loads])
    assert np.abs(overlap - theory)[loads < 0.138].max() < 0.02
    assert overlap[loads >= 0.2].max() < 0.4


@claim
def crosstalk_and_stability(figure, said):
    """Memories whose overlaps add up to less than 1 are all stable."""
    stable = curve(figure, "random, stable")
    unstable = curve(figure, "random, unstable")
    assert len(stable[0]) > len(unstable[0]) > 0
    assert unstable[0].min() >= 1 - 1e-9
    assert line(said, "  largest error for H, X, #:")[0] < 1e-12


@claim
def dense_memory(figure, said):
    """Wells get narrower with the degree, and more patterns are recalled."""
    halves = [line(said, f"n = {n}: half as deep after")[0] for n in (2, 3, 8)]
    assert halves[0] > halves[1] > halves[2]
    counts = [at(figure, f"n = {n}", 200, 1) for n in (2, 3, 8)]
    assert counts[0] < counts[1] < counts[2] == at(figure, "exp, beta = 10", 200) == 1


@claim
def glass_average_landscape(figure, said):
    """Averages are noise of the expected width; only 1 / sqrt(N) keeps the energy per spin."""
    width, expected = line(said, "standard deviation")
    assert abs(width / expected - 1) < 0.15
    right, printed = (curve(figure, label)[1] for label in (r"$J / \sqrt{N}$", "$J / N$ (printed)"))
    assert right[-1] < right[0] < 0
    assert printed[-1] > printed[0]


@claim
def graded_neurons(figure, said):
    """Overlaps are those of the equations of state, by Eq. 24 and 25 alike, and energies fall."""
    betas, left = curve(figure, "tanh, Eq. 24")
    assert np.abs(left - np.interp(betas, *curve(figure, "m = tanh(beta m)"))).max() < 0.01
    assert np.array_equal(left.round(6), curve(figure, "logistic, Eq. 24")[1].round(6))
    betas, left = curve(figure, "x / (1 + |x|), Eq. 24", 0)
    assert np.abs(left - np.maximum(0, 1 - 1 / betas)).max() < 1e-3
    assert max(numbers(row)[-1] for row in said.splitlines()[:3]) < 1e-9
    for kind in ("tanh", "x / (1 + |x|)"):
        assert (np.diff(curve(figure, f"{kind}, Eq. 25", 2)[1]) < 1e-9).all()
        rates, fields = (
            curve(figure, f"{kind}, {name}", 1)[1][-1] for name in ("Eq. 24", "Eq. 25")
        )
        assert abs(rates - fields) < 1e-3


@claim
def hopfield_tank_1985(figure, said):
    """The network of 1985 ends in a tour seldom, its successor always; moves find the best."""
    assert line(said, "1985:")[0] < 8
    assert line(said, "Talavan and Yanez:")[:2] == [16, 16]
    best = line(said, "moves that keep the permutation:")[0]
    assert line(said, "1985:")[-1] > best == 2.6907


@claim
def karate_cut(figure, said):
    """The greedy exchange gets stuck below the proven optimum."""
    assert line(said, "networkx one_exchange:")[0] < line(said, "  value")[0]
    assert "proven optimal" in said


@claim
def letters_demo(figure, said):
    """Hebb keeps A, B, C of three and A of seven; the cube and the pseudo-inverse keep seven."""
    assert "ABC, Hebb: stable ABC," in said
    assert "ABCDEFG, Hebb: stable A," in said
    for name in ("pseudo-inverse", "rectified, n = 3"):
        assert f"ABCDEFG, {name}: stable ABCDEFG," in said


@claim
def magnet_free_energy(figure, said):
    """One minimum from T = 1 on and up to J = 1, else two that mirror each other."""
    for row in said.splitlines()[:-1]:
        (quantity, value), places = re.match(r"(\w) = ([\d.]+)", row).groups(), numbers(row)[1:]
        cold = float(value) < 1 if quantity == "T" else float(value) > 1
        assert len(places) == (2 if cold else 1)
        assert abs(sum(places)) < 1e-9


@claim
def memory_average_landscapes(figure, said):
    """Noise averages out as expected, and the wells of one memory are two, of more are more."""
    rows = [numbers(row) for row in said.splitlines()[:4]]
    assert all(abs(noise / expected - 1) < 0.2 for _, _, noise, expected in rows)
    assert rows[1][1] == 2
    assert rows[1][1] < rows[2][1] <= rows[3][1]


@claim
def memory_cycle(figure, said):
    """All at once: a cycle of the 28 sites that differ; one at a time a letter."""
    assert "sites that differ: 28, all at once: 2-cycle, overlaps [0.72 0.72]" in said
    assert re.search(r"one at a time: [HX];", said)
    dots = [len(line.get_xdata()) for line in figure.axes[1].lines if line.get_marker() == "."]
    assert dots == [28, 28, 28]


@claim
def memory_energy_over_time(figure, said):
    """Energies only fall one at a time; H and X end equal with two letters, apart with three."""
    for label in ("H: H, -58.68", "X: X, -58.68", "all mixed: mixture of H, X, #, -56.98"):
        assert (np.diff(curve(figure, label)[1]) < 0).all()
    assert "H: H, -58.90" in said
    assert "X: X, -58.26" in said


@claim
def memory_in_a_field(figure, said):
    """With self-coupling a memory stays to |H| = 1, without to 1 - 1/N, N = 10."""
    assert line(said, "  self-coupled: the memory stays from H =") == [-1.0, 1.0]
    assert line(said, "  $W_{ii} = 0$: the memory stays from H =") == [-0.9, 0.9]


@claim
def memory_landscapes(figure, said):
    """One memory has two wells, more have more; glasses have many, each time others."""
    wells = [len(numbers(row)) - 1 for row in said.splitlines()[:6]]
    assert min(wells[:3]) > 2
    assert wells[3] == 2 < wells[4] < wells[5]


@claim
def memory_overlaps_of_all_states(figure, said):
    """Binomial numbers of states, and a parabola."""
    counts = [numbers(row)[1] for row in said.splitlines()[:-1]]
    assert counts == [1, 8, 28, 56, 70, 56, 28, 8, 1]


@claim
def memory_overlaps_over_time(figure, said):
    """Ends at 1, at -1 and between; in the last panel both stand still."""
    assert figure.axes[0].get_title().endswith("\nH")
    assert figure.axes[3].get_title().endswith("anti-X")
    for label in ("H: 0.72 at the end", "X: 0.72 at the end"):
        assert np.ptp(curve(figure, label, 5)[1]) == 0
    first, second = (row for row in figure.axes[5].lines if row.get_label().endswith("end"))
    assert (first.get_linestyle(), second.get_linestyle()) == ("-", "--")
    assert curve(figure, "H: 1.00 at the end", 0)[0][0] == 0


@claim
def membrane_and_rate(figure, said):
    """Without noise the rate is that of the formula, with it there are spikes below the threshold.

    No refractory neuron reaches one spike in each refractory time.
    """
    for pause in (0, 5):
        exact = f"formula, {pause} ms refractory"
        drives, found = curve(figure, f"simulated, {pause} ms, no noise")
        formula = np.interp(drives, *curve(figure, exact))
        far = drives > 1.2
        assert np.abs(found / np.maximum(formula, 1e-9) - 1)[far].max() < 0.06
        assert found[drives < 1].max() == 0
        assert at(figure, f"simulated, {pause} ms, noise", 0.6) > 2
    assert curve(figure, "simulated, 5 ms, noise")[1].max() < 200
    mean, spread = numbers(said.splitlines()[0])[1:]
    assert mean > spread > 0


@claim
def memory_retrieval(figure, said):
    """H and X are found again."""
    assert "labels: ['H', 'X']" in said


@claim
def memory_three_letters(figure, said):
    """Three letters come back, and a mixture stays one, in both ways."""
    for kind in ("asynchronous", "synchronous"):
        ends = re.findall(rf"^{kind}: .* -> (.*?), overlaps", said, re.MULTILINE)
        assert ends == ["H", "X", "#", "mixture of H, X, #"]


@claim
def mixed_stimulus(figure, said):
    """The linear answer is the mixture, the network's is the larger share."""
    assert "60 % A and 40 % C: A" in said
    shares, linear = curve(figure, "linear memory, first")
    assert np.abs(linear - shares).max() < 0.15
    assert at(figure, "network, first", 0.7) > 0.95
    assert at(figure, "network, second", 0.3) > 0.95


@claim
def models_of_your_own(figure, said):
    """All eight are answered, within 5 % of HiGHS."""
    pairs = re.findall(r": (-?[\d.]+), feasible: True\n    HiGHS: (-?[\d.]+);", said)
    assert len(pairs) == 8
    assert all(abs(float(own) - float(best)) <= 0.05 * abs(float(best)) for own, best in pairs)


@claim
def next_to_networkx(figure, said):
    """Annealing is at least as good as the repeated heuristics."""
    rows = [row.split("|") for row in said.splitlines() if row.startswith("|")]
    assert any("hopfield" in row[1] for row in rows)


@claim
def noise_and_recall(figure, said):
    """Certain up to 20 % of noise, one half near 43 %."""
    for name in "HX#":
        assert at(figure, name, 0.2, 0) > 0.95
        assert 0.38 < line(said, f"{name}: alpha_c")[2] < 0.47


@claim
def quantum_memory(figure, said):
    """The overlap m = sqrt(1 - Gamma^2) ends at 1, and more spins come nearer to it."""
    fields, mean_field = curve(figure, "mean field")
    assert (mean_field[fields >= 1] == 0).all()
    assert (mean_field[fields < 1] > 0).all()
    far = []
    for size in (4, 8):
        places, exact = curve(figure, f"N = {size}")
        far.append(np.abs(exact - np.interp(places, fields, mean_field)).mean())
    assert far[1] < far[0]
    grid = figure.axes[1].collections[0].get_array().reshape(25, 25)
    centres = np.linspace(0.01, 1.2, 25)
    assert (grid[np.add.outer(centres, centres) < 0.9] > 0.1).all()
    assert (grid[:, centres > 1] < 0.05).all()
    assert (grid[centres > 1] < 0.05).all()


@claim
def random_energy_model(figure, said):
    """Above T_c the free energy is the formula's, below a few states hold it all.

    Only pair couplings give neighbours energies that are alike, by 1 - 4 / N.
    """
    temperatures, free = curve(figure, "N = 16, 40 samples")
    exact = np.interp(temperatures, *curve(figure, "N to infinity"))
    assert np.abs(free - exact)[temperatures > 0.9].max() < 0.01
    assert (free > exact - 0.01)[temperatures < 0.6].all()
    lowest, _, expected = line(said, "lowest energy per spin")
    assert abs(lowest - expected) < 0.015
    temperatures, weight = curve(figure, "N = 16")
    assert np.abs(weight - np.maximum(0, 1 - temperatures / 0.6006)).max() < 0.25
    assert np.abs(curve(figure, "pair couplings")[1] - curve(figure, "1 - 4 / N")[1]).max() < 1e-9
    assert np.abs(curve(figure, "random energies")[1]).max() < 0.15


@claim
def sequences(figure, said):
    """The walk holds to a load of .25 and is lost at .29."""
    rows = {row[0]: row[1] for row in map(numbers, said.splitlines()[:-1])}
    assert rows[0.25] > 0.8
    assert abs(rows[0.29]) < 0.3
    # slow synapses hold each pattern for a while
    assert [int((curve(figure, name, 1)[1] > 0.9).sum()) for name in "CD"] == [8, 8]


@claim
def spiking_memory(figure, said):
    """With a cue nearly all runs keep its pattern; without one they keep any."""
    kept, seeds, *_ = line(said, "cued:")
    assert kept >= 0.9 * seeds
    kept, seeds, _, some = line(said, "no cue:")
    assert kept < 0.5 * seeds
    assert some > 0.6 * seeds


@claim
def spurious_states(figure, said):
    """About one of six random starts ends in a mixture."""
    shares = re.findall(r"^mixture.*: ([\d.]+)%", said, re.MULTILINE)
    assert 10 < sum(map(float, shares)) < 30


@claim
def stripes(figure, said):
    """Energies fall from -1 to -49, and all runs find their own stripes."""
    assert said.count("energy -1.00 to -49.00") == 2
    assert "[20, 20] ended at their own stripes" in said


@claim
def temperature_and_recall(figure, said):
    """The overlap follows mean field and ends at T_M; warmth leaves mixtures, cold does not."""
    temperatures, found = curve(figure, "N = 500, simulated")
    theory = np.interp(temperatures, *curve(figure, "mean field"))
    assert np.abs(found - theory)[temperatures <= 0.4].max() < 0.04
    assert found[temperatures > 0.6].max() < 0.3
    warm, share = curve(figure, "N = 300, 100 sweeps")
    assert share[warm <= 0.1].max() == 0
    assert share[warm >= 0.4].min() > 0.8


@claim
def three_pictures(figure, said):
    """From its valley the ball always rolls into the same memory; from the ridge it may not."""
    _, inside, _, ridge = line(said, "of")
    assert inside == 200
    assert 50 < ridge < 150
    assert (np.diff(curve(figure, "recall, flip by flip")[1]) < 0).all()


@claim
def too_many_memories(figure, said):
    """Stable at 10, drifting at 20, gone at 30: between 10 and 30 the overlap falls."""
    stable, mended, overlap = (
        curve(figure, label)[1]
        for label in ("memories that are stable", "recalled exactly", "mean overlap at the end")
    )
    assert stable[0] > 0.85
    assert 0.05 < stable[1] < 0.8
    assert stable[2] < 0.2
    assert overlap[0] > 0.95
    assert overlap[2] < 0.7
    assert mended[2] < 0.1


@claim
def weights_from_products(figure, said):
    """The sum of outer products is the rule's matrix, symmetric."""
    assert max(line(said, "  largest difference:")[:1]) < 1e-12
    assert "symmetric, exactly" in said
