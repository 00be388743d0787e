"""Files for users: tables that are safe to open, templates, pictures, scripts, reports and slides."""
