"""A share seen in several studies, or centres, as one."""
