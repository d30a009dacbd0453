"""The coverage of a pack as one web page."""

from cds.verify.cases.page.page import coverage_page

__all__ = ["coverage_page"]
