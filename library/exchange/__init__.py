"""Stories out of somebody's table, and into one."""
