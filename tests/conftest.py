"""Real mail servers are at hand in every test as fixtures; tests/servers says how they are started."""

pytest_plugins = ["tests.servers.fixtures"]
