"""What is asked and remembered: cohort, filters, comparison, options, address."""
