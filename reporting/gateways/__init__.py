"""The ways to destinations, and back."""
