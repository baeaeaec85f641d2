"""Measuring a whole desk: its speed (bench), and what it loses when it is killed (crash). Nothing of this is installed."""
