"""Why there is no plan and what would give one; why an offer is in a plan or out of it, and from which price on."""
