"""The one-machine launcher against real servers and real processes."""
