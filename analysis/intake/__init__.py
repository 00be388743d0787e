"""From files to a cohort: read tables, match columns, check values, assemble."""
