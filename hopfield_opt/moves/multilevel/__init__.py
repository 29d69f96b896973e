"""Contraction of networks, and what becomes of them level by level."""
