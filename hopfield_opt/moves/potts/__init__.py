"""Moves of one-hot groups side by side, as in colourings."""
