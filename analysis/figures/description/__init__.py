"""Tables and lists of patients."""
