"""From the membrane to a rate: neurons behind those of Hopfield (Capriotti et al. 2026, Fig. 6).

What to see: noisy inputs add up to the field h; the potential V follows h and is reset by each
spike; a neuron hands on spikes per second. That rate grows from the threshold on and ends below
one spike in each refractory time: a soft step, where McCulloch and Pitts have a hard one. It is
constant on the average only.

    python examples/membrane_and_rate.py [--output FILE.png] [--quick]
"""

import matplotlib.pyplot as plt
import numpy as np

from hopfield_opt.memory.spiking import firing_rate
from hopfield_opt.plot.scripts import MARKERS, arguments, curve_axes, progress, save, styled
from hopfield_opt.plot.style import BLACK, GREY

TAU, STEP = 10.0, 0.05  # ms
THRESHOLD = 1.0


def simulate(
    drive: float, noise: float, pause: float, neurons: int, duration: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return h, V and spikes (steps, neurons): tau dh/dt = drive - h + noise, V = h + resets.

    A spike takes V to 0, where it stays for the refractory time; afterwards what was taken away
    fades with tau, so that between spikes V is the leaky integral of the inputs.
    """
    random = np.random.default_rng(0)
    steps, fade = round(duration / STEP), np.exp(-STEP / TAU)
    field, reset, rest = np.zeros((3, neurons))
    h, v = np.empty((2, steps, neurons))
    spikes = np.zeros((steps, neurons), dtype=bool)
    width = noise * np.sqrt(1 - fade**2)
    for step in range(steps):
        field = drive + (field - drive) * fade + width * random.standard_normal(neurons)
        reset *= fade
        rest -= STEP
        reset = np.where(rest > 0, -field, reset)
        fires = (field + reset >= THRESHOLD) & (rest <= 0)
        h[step], v[step], spikes[step] = field, np.where(fires, 2.0, field + reset), fires
        reset = np.where(fires, -field, reset)
        rest = np.where(fires, pause, rest)
    return h, v, spikes


def rate(drive: float, noise: float, pause: float, duration: float) -> float:
    """Return the spikes per second of one neuron, the mean of forty after 100 ms."""
    _, _, spikes = simulate(drive, noise, pause, 40 if noise else 1, duration + 100)
    return float(1000 / STEP * spikes[round(100 / STEP) :].mean())


@styled
def main(words: list[str] | None = None) -> None:
    """Draw potentials, fields and rates of many neurons, and the rate over the drive."""
    options = arguments(__doc__, __file__, words)
    neurons, duration = (100 if options.quick else 400), 200.0
    h, v, spikes = simulate(1.2, 0.25, 5.0, neurons, duration)
    times = STEP * np.arange(len(h))
    figure, axes = plt.subplot_mosaic("vf;hf;rf", figsize=(12, 7), layout="constrained")
    for k in range(3):
        axes["v"].plot(times, v[:, k] + 2.6 * k, linewidth=0.9)
        axes["h"].plot(times, h[:, k], linewidth=0.9)
    axes["v"].set(title="potentials V of three neurons; spikes", yticks=[])
    axes["h"].axhline(THRESHOLD, color=BLACK, linestyle="dotted", label="threshold")
    axes["h"].set(title="their fields h: all inputs, without the spikes", ylabel="h")
    bins = spikes.reshape(-1, round(5 / STEP), neurons).mean(axis=(1, 2)) * 1000 / STEP
    axes["r"].step(
        5 * np.arange(len(bins)), bins, where="post", label=f"{neurons} neurons, 5 ms each"
    )
    mean = bins[len(bins) // 2 :].mean()
    axes["r"].axhline(mean, color=GREY, label=f"mean {mean:.0f}")
    axes["r"].set(title="output rate", xlabel="time / ms", ylabel="spikes per second")
    print(
        f"rate of {neurons} neurons: {mean:.1f} per second, it fluctuates by {bins[20:].std():.1f}"
    )

    drives = np.linspace(0.6, 4, 9 if options.quick else 14)
    fine = np.linspace(0, 4, 400)
    long = 250.0 if options.quick else 600.0
    for k, pause in enumerate(progress((0.0, 5.0), "refractory times")):
        exact = 1000 * firing_rate(fine, refractory=pause)
        axes["f"].plot(fine, exact, color=f"C{k}", label=f"formula, {pause:g} ms refractory")
        for noise in (0.0, 0.25):
            found = [rate(drive, noise, pause, long) for drive in drives]
            look = {"color": f"C{k}", "fillstyle": "full" if noise else "none"}
            label = f"simulated, {pause:g} ms, {'noise' if noise else 'no noise'}"
            axes["f"].plot(drives, found, MARKERS[k], label=label, **look)
            print(f"{label}: " + " ".join(f"{value:.0f}" for value in found))
    axes["f"].axhline(200, color=BLACK, linestyle="dotted", linewidth=0.8)
    axes["f"].axvline(THRESHOLD, color=GREY, linestyle="dashed", label="McCulloch, Pitts: the step")
    axes["f"].set(xlabel="drive / threshold", ylabel="spikes per second", title="transfer function")
    curve_axes(axes["h"], axes["r"], axes["f"])
    save(figure, options)


if __name__ == "__main__":
    main()
