"""What figures of every question share: look, axes, tables, words."""
