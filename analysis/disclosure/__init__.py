"""What of a result may be disclosed while small counts are hidden."""
