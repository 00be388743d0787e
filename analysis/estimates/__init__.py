"""From a cohort to numbers: every estimate is a frozen dataclass of tidy tables, with its question and its method."""
