"""States over time, of all patients and of each."""
