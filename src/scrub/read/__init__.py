"""Reading: folders, files and archives in any usual format -> Document, or a reasoned Rejection."""

from scrub.read.reader import Reader, read, total_bytes

__all__ = ["Reader", "read", "total_bytes"]
