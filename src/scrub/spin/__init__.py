"""Spun wording: which documents carry it, which words it is, and what they were."""
