"""Moves of networks whose couplings are conflicts between pairs: vertex sets of a graph."""
