"""What a user takes home: tables that are safe to open, and templates."""
