"""mailflow: an e-mail-driven, confidential ticketing engine for expert helpdesks."""

__version__ = "0.1.0"
