"""What intake publishes, as it was last reviewed."""
