"""How long until an event: curves, tests, ratios, restricted means."""
