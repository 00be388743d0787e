"""Rows for a reader: one patient a row or a lane, and who is behind a number."""
