"""Together with other centres: a question that each answers with tables of counts, and their sum; no rows travel."""
