"""Year by year: remission and relapse, and who is in each denominator."""
