"""Bars by year, and where everybody is."""
