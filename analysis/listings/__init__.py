"""Listings: rows of single patients, to read or to see who is behind a number."""
