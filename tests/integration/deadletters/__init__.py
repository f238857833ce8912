"""Parked work over the whole suite on real servers."""
