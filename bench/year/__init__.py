"""`make year`: a desk's whole year with made-up people, on a clock that jumps; writes docs/year.md."""
