"""Moves that keep groups: exchanges, and ranges that are never left."""
