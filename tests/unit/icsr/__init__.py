"""Tests of the ICSR language (ICH E2B(R3) guide v5.03)."""
