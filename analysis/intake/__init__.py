"""From a file to a cohort: read, match, check, assemble."""
