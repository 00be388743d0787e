"""What all figures share: look, axes, tables, words."""
