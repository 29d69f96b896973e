"""Moves of one permutation: swaps, reversals and insertions."""
