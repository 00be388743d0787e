"""What is said of each patient alone: endpoints, remission, relapse, the history of states."""
