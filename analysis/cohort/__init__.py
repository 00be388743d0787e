"""What a cohort is: its tables, its words, its filters and its states."""
