"""States over time, of all and of each patient."""
