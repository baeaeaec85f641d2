"""Publication: from an answer to a page without a trace of who asked. Proposals and pages; people decide."""
