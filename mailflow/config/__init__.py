"""config.toml and rules/*.toml as `Settings` and `Policy`: all errors at once, each with file and key."""

from mailflow.config.policy import Desk, fingerprint, load, load_policy
from mailflow.config.problems import ConfigError
from mailflow.config.reference import config_reference
from mailflow.config.settings import InstallationSettings, load_settings
from mailflow.config.starter import make_installation
from mailflow.config.surroundings import machine_problems

__all__ = [
    "ConfigError",
    "Desk",
    "InstallationSettings",
    "config_reference",
    "fingerprint",
    "load",
    "load_policy",
    "load_settings",
    "machine_problems",
    "make_installation",
]
