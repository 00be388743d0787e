"""What the estimates of every question share: intervals, small numbers, words."""
