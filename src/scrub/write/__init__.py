"""Writing: the only package that touches the output folder."""
