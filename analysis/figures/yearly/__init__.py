"""Bars by year, and the yearly ledger of all patients."""
