"""From result tables to Altair charts: no arithmetic beyond layout."""
