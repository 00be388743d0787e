"""Descriptions of the patients: baseline characteristics, adverse events, deaths, filters."""
