"""How much of what identifies somebody the anonymiser finds, on invented texts with every such place marked."""
