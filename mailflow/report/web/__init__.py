"""The website's part of the yearly report: access logs, or an analytics service's export, to tables."""
