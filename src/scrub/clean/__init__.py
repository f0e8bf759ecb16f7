"""Cleaning: encoding, characters, layout, boilerplate; small functions that log what they change."""
