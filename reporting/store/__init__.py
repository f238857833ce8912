"""Reporting's collections; nothing else in this service speaks MongoDB."""
