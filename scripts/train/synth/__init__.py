"""Synthetic Chinese licence plates: clean rendering and gate-camera degradation."""
