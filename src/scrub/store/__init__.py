"""Prepared documents on disk: hand-over between processes, spill, cache and point to resume."""
