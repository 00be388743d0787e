"""Controls: what the user can set."""
