"""Facts, each about one patient alone: endpoints, remission, relapse, the state history, events, values by month."""
