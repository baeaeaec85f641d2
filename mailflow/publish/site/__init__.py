"""The published site: pages, search, feed and sitemap from items, and any item as HTML or docx for other systems."""

from mailflow.publish.site.build import build
from mailflow.publish.site.export import as_docx, as_html
from mailflow.publish.site.nouns import Built, Domain, MissingExtraError, Site, SiteError, Topic
from mailflow.publish.site.policy import HEADERS
from mailflow.publish.site.readable import readable
from mailflow.publish.site.serving import serve

__all__ = [
    "HEADERS", "Built", "Domain", "MissingExtraError", "Site", "SiteError", "Topic", "as_docx", "as_html", "build",
    "readable", "serve",
]  # fmt: skip
