"""Methods that several estimates use: intervals, tests, small numbers, method sentences."""
