"""Curves over time, and their comparison."""
