"""Measures at visits over time."""
