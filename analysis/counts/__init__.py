"""Tables of counts, which add up over any parts of the patients."""
