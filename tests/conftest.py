"""Real mail servers are at hand in every test as fixtures; tests/servers says how they are started."""

from hypothesis import settings

pytest_plugins = ["tests.servers.fixtures"]

settings.register_profile("suite", deadline=None)  # how long an example takes depends on the machine
settings.load_profile("suite")
