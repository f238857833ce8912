"""The form in a real Chromium, against real processes: ``make test-browser``."""
