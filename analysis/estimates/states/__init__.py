"""The states of patients over time."""
