"""The state of a session: cohort, filters, groups, options, address."""
