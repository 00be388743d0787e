"""What of a result may be told while small counts are hidden."""
