"""Tests of reporting: what was sent is what was approved."""
