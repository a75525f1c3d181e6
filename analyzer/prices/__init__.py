"""What a merge costs: the fewest changes of what is required after which Environments become one."""
