"""The daemon: loops that carry bytes in and out, and the clock. All wiring stands in `installation`."""
