"""Cleaning: encoding, characters, layout, boilerplate, each a function that logs its changes."""
