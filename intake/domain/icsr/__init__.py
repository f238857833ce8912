"""A message of ICH E2B(R3) becomes the content of a case; nothing is invented on the way (DOMAIN 4)."""
