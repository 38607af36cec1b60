"""Deterministic test footage: gate lanes with vehicles, plates, light and weather."""
