"""Who the patients were, and what happened to them."""
