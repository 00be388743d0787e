"""A cohort that an engine holds: patients in stored tables, counted by queries."""
