"""How well mails are understood: `make quality` measures it and writes docs/quality.md."""
