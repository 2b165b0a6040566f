"""A plan judged by what may happen: what each scenario costs it, and what it leaves unmet."""
