"""Mail over the wire: IMAP mailboxes in, SMTP out. Each module names its own public classes."""
