"""Who may come in, and what is kept where."""
