"""Each mistake in rules/ gives the one sentence that mends it, and no other file is blamed for it."""

import pytest

from mailflow.config import ConfigError, load, load_policy, load_settings

PEOPLE, QUEUES, ROUTING = "rules/people.toml", "rules/queues.toml", "rules/routing.toml"
TAXONOMY, TOPICS, LANGUAGES = "rules/taxonomy.toml", "rules/topics/en.toml", "rules/languages.toml"
PUBLICATION, REPORT = "rules/publication.toml", "rules/report.toml"
OPENING = '\n[opening]\nas_of = 2023-03-01\n[[opening.table]]\ntable = "sectors"\n'
DEADLINES, SCREENING = "rules/deadlines.toml", "rules/screening.toml"
MISTAKES = {
    "an expert misspelt": (QUEUES, '"ann", "bob"', '"an", "bob"', [
        'queue "wages": experts: no person "an" in people.toml (did you mean "ann"?)']),
    "a topic misspelt": (QUEUES, "^topics = .*$", 'topics = ["wags"]', [
        'queue "wages": topics: no topic "wags" in taxonomy.toml (did you mean "wages"?)']),
    "a language that is not served": (QUEUES, "^languages = .*$", 'languages = ["de"]', [
        'queue "wages": languages: "de" is not among the served languages of languages.toml']),
    "an expert without the role": (PEOPLE, r'"coordinator", "expert"', '"coordinator"', [
        ('rules/queues.toml: queue "wages": experts: "bob" has not the role "expert" in people.toml')]),
    "a queue without an expert": (QUEUES, "^experts = .*$", "experts = []", [
        'queue "wages": experts: must have at least 1, and has 0']),
    "a key of a queue misspelt": (QUEUES, "answer_days", "answerdays", [
        'queue "wages": answerdays: unknown key (did you mean "answer_days"?)']),
    "an unknown assignment": (QUEUES, "round_robin", "random", [
        'queue "wages": assignment: must be one of "least_loaded", "round_robin", "everyone", not "random"']),
    "a queue given twice": (QUEUES, "", '\n[[queue]]\nname = "wages"\nexperts = ["bob"]\n', [
        'queue "wages": stands here twice']),
    "an unknown role": (PEOPLE, r'\["expert"\]', '["exprt"]', [
        ('person "ann": roles: item 1: must be one of "expert", "coordinator", "supervisor", "translator",'
        ' "data_protection", not "exprt"')]),
    "a role that nobody can be given": (PEOPLE, r'\["expert"\]', '["expert", "operator"]', [
        ('person "ann": roles: item 2: must be one of "expert", "coordinator", "supervisor", "translator",'
        ' "data_protection", not "operator"')]),
    "nobody who coordinates": (PEOPLE, '"coordinator", ', "", [
        'person: nobody has the role "coordinator": somebody must look after the shelf']),
    "an address of two people": (PEOPLE, "ann.lee@example.com", "bob@EXAMPLE.org", [
        'person "bob": addresses: item 1: is an address of "ann", too: whose mail would it be?']),
    "an address of the desk itself": (PEOPLE, "ann.lee@example.com", "old-desk@example.org", [
        'person "ann": addresses: item 2: is an address of the desk itself (config.toml, desk)']),
    "an address that is none": (PEOPLE, "ann.lee@example.com", "Ann <ann.lee@example.com>", [
        'person "ann": addresses: item 2: must be one mail address such as "ann@example.org"']),
    "an unknown delegate": (PEOPLE, r'\["bob"\]', '["bobby"]', [
        'person "ann": delegates: no person "bobby" in people.toml (did you mean "bob"?)']),
    "a delegate of oneself": (PEOPLE, r'\["bob"\]', '["ann"]', [
        'person "ann": delegates: nobody can stand in for themselves']),
    "nothing read that we write to staff": (PEOPLE, r'\["en", "fr"\]', '["es", "pt"]', [
        'person "ann": reads: must have a staff language: "en", "fr" (languages.toml)']),
    "a person under a name with capitals": (PEOPLE, r"person\.ann", "person.Ann", [
        'person "Ann": is no name for a table here: it must be lower-case letters, digits, "-" and "_"',
        'rules/queues.toml: queue "wages": experts: no person "ann" in people.toml (did you mean "Ann"?)']),
    "a time zone that is none": (PEOPLE, "Asia/Tokyo", "Tokyo", [
        'person "ann": zone: must be a time zone such as "Europe/Zurich", not "Tokyo" (did you mean "Asia/Tokyo"?)']),
    "an unknown condition": (ROUTING, "sender_domain", "sender_domian", [
        'rule "press": when.sender_domian: unknown condition (did you mean "sender_domain"?)']),
    "a wrong value of a condition": (ROUTING, '"press.example"', "5", [
        'rule "press": when.sender_domain: expected a text, or a list of texts']),
    "an unknown topic in a condition": (ROUTING, r'\["wages"\]', '["wage"]', [
        'rule "press": when.topic: no topic "wage" in taxonomy.toml (did you mean "wages"?)']),
    "an unknown queue in a rule": (ROUTING, '^queue = "wages"', 'queue = "wags"', [
        'rule "press": queue: no queue "wags" in queues.toml (did you mean "wages"?)']),
    "a threshold below nothing": (ROUTING, "^lead = .*$", "lead = -1", ["topics.lead: must be a number above 0, not -1"]),
    "an unknown domain of a topic": (TAXONOMY, '^domain = "work"', 'domain = "wrk"', [
        'topic "wages": domain: no domain "wrk" in this file (did you mean "work"?)']),
    "a label missing in a staff language": (TAXONOMY, r'\{ en = "Wages", fr = "Salaires" \}', '{ en = "Wages" }', [
        'topic "wages": label: has no "fr": every staff language needs one']),
    "a topic given twice": (TAXONOMY, '^id = "hours"', 'id = "wages"', ['topic "wages": stands here twice']),
    "words of an unknown topic": (TOPICS, r"^\[wages\]", "[wage]", [
        'topic "wage": no topic "wage" in taxonomy.toml (did you mean "wages"?)']),
    "a weight that is none": (TOPICS, "wage = 1.5", 'wage = "1.5"', [
        'topic "wages": words.wage: must be a number from -10 to 10, not "1.5"']),
    "an empty word": (TOPICS, "wage = 1.5", '" " = 1.5', ['topic "wages": words: " " is no word']),
    "a star inside a word": (TOPICS, "wage = 1.5", '"w*ge" = 1.5', [
        'topic "wages": words: "w*ge": a * may stand at the end only']),
    "a language without templates": (LANGUAGES, r"^served = .*$", 'served = ["en", "fr", "de"]', [
        'served: "de" has no folder templates/de']),
    "a language tag that is none": (LANGUAGES, r"^served = .*$", 'served = ["EN", "fr"]', [
        'served: item 1: must be a language tag (BCP 47) such as "en" or "zh-Hant", not "EN"']),
    "a bilingual text in one language": (LANGUAGES, r"^bilingual = .*$", 'bilingual = ["en"]', [
        "bilingual: must have at least 2, and has 1"]),
    "a bilingual text in one language twice": (LANGUAGES, r"^bilingual = .*$", 'bilingual = ["en", "en"]', [
        "bilingual: must be two different languages"]),
    "a bilingual text in a language that is not served": (LANGUAGES, r"^bilingual = .*$", 'bilingual = ["en", "de"]', [
        'bilingual: "de" is not among the served languages of languages.toml']),
    "a country that is none": (DEADLINES, "CH-GE", "Swizerland", [
        ('holidays.countries: item 1: must be a country (ISO 3166-1), or a part of one, such as "CH" or "CH-GE",'
        ' not "Swizerland"')]),
    "a part of a country misspelt": (DEADLINES, "CH-GE", "CH-GEN", [
        ('holidays.countries: item 1: must be a country (ISO 3166-1), or a part of one, such as "CH" or "CH-GE",'
        ' not "CH-GEN" (did you mean "CH-GE"?)')]),
    "a weekday misspelt": (DEADLINES, '"monday"', '"Montag"', [
        'working_days: item 1: must be a day of the week such as "monday", not "Montag"']),
    "no working day at all": (DEADLINES, "^working_days = .*$", "working_days = []", [
        "working_days: must have at least 1, and has 0"]),
    "a date in quotes": (DEADLINES, "2026-07-02", '"2026-07-02"', [
        'closed "moving house": dates: item 2: must be a date such as 2026-12-31, not "2026-07-02"']),
    "a day that does not exist": (DEADLINES, "2026-07-02", "2026-07-32", [
        "line 11, column 26: not valid TOML: unclosed array"]),
    "a cap of nothing": (SCREENING, "^acks_address = 2", "acks_address = 0", [
        "caps.acks_address: must be a whole number from 1, not 0"]),
    "a domain that is none": (SCREENING, "Mail.Example", "mail..example", [
        'caps.public_domains: item 1: must be a domain such as "example.org", not "mail..example"']),
    "a site that is no address": (PUBLICATION, "", 'site = "helpdesk"\n', [
        'site: must be an address such as "https://helpdesk.example.org", or "" while there is none, not "helpdesk"']),
    "a column misspelt": (REPORT, r'\["period"\]', '["perid"]', [
        ('table "sectors": columns: item 1: must be one of "previous", "period", "change", "share", "mean", "cumulative",'
        ' "opening", not "perid"')]),
    "a way of counting misspelt": (REPORT, "^title", 'counts = "answer"\ntitle', [
        'counts: must be one of "answered", "opened", not "answer"']),
    "a table given twice": (REPORT, "", (
        '[[table]]\nid = "sectors"\nof = "sector"\ncolumns = ["period"]\ntitle = { en = "Sectors" }\n'), [
        'table "sectors": stands here twice: give one of them another id, or versions']),
    "an unspecified that is no code": (REPORT, '^of = "sector"', 'of = "sector"\nunspecified = "textil"', [
        'table "sectors": unspecified: no sector "textil" in taxonomy.toml (did you mean "textile"?)']),
    "a row that is no code": (REPORT, '^of = "sector"', 'of = "sector"\nrows = ["textil"]', [
        'table "sectors": rows: no sector "textil" in taxonomy.toml (did you mean "textile"?)']),
    "a mapping to no code": (REPORT, "", '[[mapping]]\nof = "sector"\nold = "cloth"\nnew = "textil"\n', [
        'mapping 1: new: no sector "textil" in taxonomy.toml (did you mean "textile"?)']),
    "a beginning after the opening": (REPORT, "^title", "start = 2024-01-01\nopening = { as_of = 2023-03-01 }\ntitle", [
        "start: must not be later than as_of of [opening], 2023-03-01"]),
    "an opening of no table": (REPORT, "", OPENING.replace("sectors", "sector"), [
        'opening.table "sector": table: no table "sector" in this file (did you mean "sectors"?)']),
    "a balance of no code": (REPORT, "", f"{OPENING}balance = {{ textil = 3 }}\n", [
        'opening.table "sectors": balance: no sector "textil" in taxonomy.toml (did you mean "textile"?)']),
    "a last year of no code": (REPORT, "", f"{OPENING}last = {{ textil = 3 }}\n", [
        'opening.table "sectors": last: no sector "textil" in taxonomy.toml (did you mean "textile"?)']),
}  # fmt: skip


def test_a_former_code_may_stand_in_the_opening_when_it_is_mapped(home, change):
    mapping = '[[mapping]]\nof = "sector"\nold = "cloth"\nnew = "textile"\n'
    change(REPORT, "", f"{mapping}{OPENING}balance = {{ cloth = 3 }}\n")
    assert load_policy(home, load_settings(home))


@pytest.mark.parametrize(("file", "pattern", "text", "sentences"), MISTAKES.values(), ids=MISTAKES)
def test_tells(home, change, file, pattern, text, sentences):
    change(file, pattern, text)
    with pytest.raises(ConfigError) as caught:
        load_policy(home, load_settings(home))
    told = [sentence if sentence.startswith("rules/") else f"{file}: {sentence}" for sentence in sentences]
    assert list(caught.value.problems) == told


def test_mistakes_of_several_files_are_told_at_once(home, change):
    change("config.toml", "^zone =", "zoon =")
    change(PEOPLE, '^name = "Ann Lee"', "nme = 'Ann'")
    change(QUEUES, '"wages"', '"pay"')
    change(TOPICS, r"^\[wages\]", "[wage]")
    with pytest.raises(ConfigError) as caught:
        load(home)
    assert list(caught.value.problems) == [
        'config.toml: desk.zoon: unknown key (did you mean "zone"?)',
        'rules/people.toml: person "ann": name: is missing: it must be a text in quotes, not empty',
        'rules/people.toml: person "ann": nme: unknown key (did you mean "name"?)',
        'rules/routing.toml: rule "press": queue: no queue "wages" in queues.toml',
        'rules/topics/en.toml: topic "wage": no topic "wage" in taxonomy.toml (did you mean "wages"?)',
    ]


def test_a_missing_file_is_named_and_nothing_else_is_blamed(home):
    (home / PEOPLE).unlink()
    with pytest.raises(ConfigError) as caught:
        load(home)
    assert caught.value.problems == ("rules/people.toml: there is no such file",)


def test_a_file_under_a_wrong_name_is_not_passed_over(home):
    (home / "rules/queue.toml").write_text("")
    with pytest.raises(ConfigError) as caught:
        load(home)
    assert caught.value.problems == ('rules/queue.toml: no file of this name is read (did you mean "queues.toml"?)',)


def test_topic_words_of_a_language_that_is_not_served_are_named(home):
    (home / "rules/topics/de.toml").write_text("[wages]\nwords = { Lohn = 2 }\n")
    with pytest.raises(ConfigError) as caught:
        load(home)
    assert caught.value.problems == ('rules/topics/de.toml: the language "de" is not served (languages.toml)',)


def test_no_address_stands_in_any_sentence(home, change):
    change(PEOPLE, "ann.lee@example.com", "desk@example.org")
    change(PEOPLE, '"ann@example.org"', '"ann@example.org@example.org"')
    change(PEOPLE, "bob@example.org", "bob at example.org")
    with pytest.raises(ConfigError) as caught:
        load(home)
    assert not [problem for problem in caught.value.problems if "@" in problem.replace("ann@example.org", "", 1)]
