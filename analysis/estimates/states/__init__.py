"""In which state patients are over time."""
