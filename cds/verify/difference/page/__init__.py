"""The difference of two versions as one web page."""

from cds.verify.difference.page.page import difference_page

__all__ = ["difference_page"]
