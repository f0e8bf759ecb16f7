"""Rewrites and summaries: one story in other words, found by what is rare in both texts."""
