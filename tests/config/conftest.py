"""A small installation in which everything is right, for tests that put one thing wrong."""

import re

import pytest

FILES = {
    "config.toml": """
[desk]
name = "Test desk"
address = "desk@example.org"
own_addresses = ["old-desk@example.org"]
zone = "Europe/Zurich"

[[mailbox]]
name = "main"
host = "imap.example.org"
user = "desk"
password_env = "IMAP_PASSWORD"

[smtp]
host = "smtp.example.org"
user = "desk"
password_env = "SMTP_PASSWORD"
""",
    "rules/people.toml": """
[person.ann]
name = "Ann Lee"
roles = ["expert"]
addresses = ["ann@example.org", "ann.lee@example.com"]
reads = ["en", "fr"]
writes = ["en"]
zone = "Asia/Tokyo"
delegates = ["bob"]

[person.bob]
name = "Bob Roe"
roles = ["coordinator", "expert"]
addresses = ["bob@example.org"]
""",
    "rules/taxonomy.toml": """
version = "1"

[[user_type]]
id = "workers"
label = { en = "Workers", fr = "Travailleurs" }

[[region]]
id = "africa"
label = { en = "Africa", fr = "Afrique" }
user = true
concerned = true

[[sector]]
id = "textile"
label = { en = "Textile", fr = "Textile" }

[[domain]]
id = "work"
label = { en = "Work", fr = "Travail" }

[[topic]]
id = "wages"
domain = "work"
label = { en = "Wages", fr = "Salaires" }

[[topic]]
id = "hours"
domain = "work"
label = { en = "Hours", fr = "Horaires" }
""",
    "rules/publication.toml": """
delay_days = 30
""",
    "rules/report.toml": """
title = { en = "Report" }

[[table]]
id = "sectors"
of = "sector"
columns = ["period"]
title = { en = "Sectors" }
""",
    "rules/referrals.toml": """
[[office]]
country = "FR"
name = "Inspection du travail"
""",
    "rules/coding.toml": """
enough = 1.5

[[reason]]
id = "dispute"
label = { en = "A dispute", fr = "Un différend" }

[domains]
workers = ["union"]

[regions]
africa = ["KE", "ZM"]
""",
    "rules/signs/en.toml": """
[sector.textile]
words = { garment = 2 }

[danger.life]
words = { "death threat*" = 3 }
""",
    "rules/topics/en.toml": """
[wages]
words = { wage = 1.5, "minimum wage" = 3 }
""",
    "rules/queues.toml": """
[[queue]]
name = "wages"
experts = ["ann", "bob"]
topics = ["wages"]
languages = ["en"]
assignment = "round_robin"
answer_days = 5
""",
    "rules/routing.toml": """
[topics]
lead = 2.5

[[rule]]
name = "press"
when = { sender_domain = "press.example", topic = ["wages"] }
queue = "wages"
""",
    "rules/screening.toml": """
refusals = ["no", "NON"]

[caps]
acks_address = 2
public_domains = ["Mail.Example"]
""",
    "rules/deadlines.toml": """
working_days = ["monday", "tuesday", "wednesday", "thursday"]
closes = 17:30:00
triage_days = 3
keep_months = 24

[holidays]
countries = ["CH-GE"]

[[closed]]
name = "moving house"
dates = [2026-07-01, 2026-07-02]
""",
    "rules/languages.toml": """
served = ["en", "fr"]
bilingual = ["en", "fr"]
staff = ["en", "fr"]
""",
    "templates/en/words.toml": "",
    "templates/fr/words.toml": "",
}


@pytest.fixture
def home(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / "desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    return tmp_path / "desk"


@pytest.fixture
def change(home):
    """Replace the first place in a file that a pattern names; with no pattern, add at the end."""

    def replace(file, pattern, text):
        path = home / file
        before = path.read_text(encoding="utf-8")
        after = re.sub(pattern, lambda _: text, before, count=1, flags=re.MULTILINE) if pattern else before + text
        assert after != before, f"nothing in {file} matches {pattern}"
        path.write_text(after, encoding="utf-8")

    return replace
