"""Figures: Altair charts, tables of words and sentences made from results of estimates; no arithmetic beyond layout."""
