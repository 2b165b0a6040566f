"""What kinds of limit derive from: the contract of a limit, its scope, whom it speaks of, and rows in batches."""
