"""Reading: folders, files and archives in any usual format -> Document, or a reasoned Rejection.

The reasons of rejections, which do not change between versions:

  symlink not-a-file unreadable unsupported          the file is not opened
  nested-archive unsafe-member encrypted             nor is this member of an archive
  expands-too-much truncated damaged too-large       its bytes cannot be had, or not within limits
  binary encoding empty                              they are no text
  bad-json too-deep duplicate-key not-an-object      JSON that does not say what is meant
  bad-row bad-xml no-articles                        nor does this table or XML
  no-text-field no-text                              a record without a text
  http-status html-timeout html-failed no-article    a page without an article
  too-slow                                           reading or cleaning it takes too long
  quality                                            a filter of the settings [clean] is not met
  missing-part                                       an extra is not installed (the detail names it)
  failed                                             a fault of scrub's own: please report it
"""

from scrub.read.reader import read

__all__ = ["read"]
