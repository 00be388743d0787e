"""The app on a server: who may see it, and what it may store."""
