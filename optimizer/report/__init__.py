"""What people and programs get to see of a plan: tables, a plan folder, text for the terminal."""
