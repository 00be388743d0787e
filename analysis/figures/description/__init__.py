"""Tables of who the patients were, and lists of them."""
