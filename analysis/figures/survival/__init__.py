"""Survival curves, cumulative incidence, and their comparison."""
