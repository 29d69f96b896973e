"""Moves that keep rows which overlap: chains of flips, each repairing what the last one broke."""
