"""Autocorrelation, its time, and how many measurements count."""

import numpy as np
import pytest

from hopfield_opt.errors import InputError
from hopfield_opt.physics.statistics import (
    autocorrelation,
    effective_sample_size,
    integrated_autocorrelation_time,
)


def autoregressive(memory, shape, seed=0):
    """Return series with rho(t) = memory^t: tau = 1/2 (1 + memory) / (1 - memory)."""
    noise = np.random.default_rng(seed).standard_normal(shape)
    series = noise.copy()
    series[0] /= np.sqrt(1 - memory**2)  # stationary from the first on
    for t in range(1, len(series)):
        series[t] += memory * series[t - 1]
    return series


def test_autocorrelation_is_its_definition():
    """The sum over spectra equals the sum over pairs, for one replica and for several."""
    for shape in ((9,), (7, 3)):
        series = np.random.default_rng(1).standard_normal(shape)
        values = series.reshape(len(series), -1) - series.mean()
        length = len(values)
        covariance = [
            (values[: length - t] * values[t:]).sum() / (length - t) for t in range(length)
        ]
        expected = np.array(covariance) / covariance[0]
        assert autocorrelation(series) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9])
def test_time_of_an_autoregressive_series(memory):
    """The estimate is the known time, within its own error of a few per cent."""
    expected = 0.5 * (1 + memory) / (1 - memory)
    for shape in ((100_000,), (5_000, 20)):
        series = autoregressive(memory, shape)
        assert integrated_autocorrelation_time(series) == pytest.approx(expected, rel=0.08)
        size = effective_sample_size(series)
        assert size == pytest.approx(100_000 / (2 * expected), rel=0.08)


def test_effective_size_foretells_the_error_of_the_mean():
    """Means of many short series scatter as their effective sizes say."""
    series = autoregressive(0.8, (4_000, 200))
    tau = integrated_autocorrelation_time(series)
    assert series.mean(axis=0).var() == pytest.approx(series.var() * 2 * tau / 4_000, rel=0.3)


def test_unit_and_origin_do_not_matter():
    """Measurements in another unit, from another zero, have the same correlation."""
    series = autoregressive(0.5, (1_000,))
    for factor in (1e-200, 1e200):
        other = autocorrelation(factor * (series + 3))
        assert other == pytest.approx(autocorrelation(series), abs=1e-9)


def test_constant_series_counts_as_one_measurement():
    """Where nothing varies nothing is known about the time: one measurement."""
    assert autocorrelation(np.full(5, 0.1)).tolist() == [1.0] * 5
    assert effective_sample_size(np.full((50, 2), 0.1)) == pytest.approx(1, abs=0.02)


def test_anticorrelated_series_counts_no_more_than_it_has():
    """Alternating measurements have a short time; their number is not exceeded."""
    series = np.tile([1.0, -1.0], 50)
    assert integrated_autocorrelation_time(series) < 0.5
    assert effective_sample_size(series) == 100.0


@pytest.mark.parametrize("series", [[], [1.0], np.zeros((5, 0)), np.zeros((3, 2, 2)), 1.0])
def test_shape_is_checked(series):
    """Fewer than two measurements, or too many axes, are an error."""
    with pytest.raises(InputError, match="series must have shape"):
        autocorrelation(series)


def test_numbers_must_be_finite():
    """Energies of a network without energy (nan) are refused."""
    with pytest.raises(InputError, match="series"):
        autocorrelation([1.0, np.nan])
