"""Tables of counts, additive over any partition of the patients."""
