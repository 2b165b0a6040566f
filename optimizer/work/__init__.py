"""Work that can be shared: tasks, who does them, and a journal of what is done. It knows nothing of instances."""
