"""Checks an export of the audit log by its description alone, and its events by the schema that they name."""

import copy
import json
import pathlib
import unittest

import jsonschema
from ocsf_json_schema.embedded import OcsfJsonSchemaEmbedded
from ocsf_json_schema.loader import get_ocsf_schema

import sealtape_ledger as ledger

TESTS = pathlib.Path(__file__).parent.parent
VECTORS = TESTS / "data" / "vectors"
EXPORT = (VECTORS / "audit-export-v1.ndjson").read_text(encoding="utf-8")
VERIFIER = (VECTORS / "audit-export-v1.key").read_text(encoding="utf-8").strip()
ORIGIN = VERIFIER.split("+")[0]
EVENTS = TESTS / "api" / "snapshots" / "api__audit_exports__ocsf.snap"


class Log(unittest.TestCase):
    def refused(self, text: str, why: str):
        with self.assertRaisesRegex(ledger.Refused, why):
            ledger.check_export(text, VERIFIER, ORIGIN)

    def test_the_committed_export_is_what_was_signed(self):
        self.assertEqual(ledger.check_export(EXPORT, VERIFIER, ORIGIN), 4)

    def test_every_change_is_refused_and_named(self):
        lines = EXPORT.splitlines(keepends=True)
        entries = range(2, len(lines) - 1)
        for place in entries:
            self.refused(EXPORT.replace(lines[place], lines[place].replace("allow", "deny")), f"entry {place - 2} is not")
            self.refused("".join(lines[:place] + lines[place + 1 :]), f"entry {place - 2} is ")
        self.refused("".join(lines[:-1]), "begin and end")
        self.refused(EXPORT[:-1], "was cut")
        self.refused(EXPORT.replace('"size":4', '"size":3'), "checkpoints differ")


class Events(unittest.TestCase):
    """The snapshot is what the interface answered, its ids and hashes replaced."""

    @classmethod
    def setUpClass(cls):
        schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.3.0")).get_class_schema("api_activity", [])
        cls.validator = jsonschema.Draft202012Validator(schema)
        # The first word of a hash stands behind a line's end, which is written as two characters.
        text = EVENTS.read_text(encoding="utf-8").split("---\n", 2)[2].replace("\\BASE64", "BASE64")
        cls.events = [event for event in json.loads(text) if "class_uid" in event["data"]]

    def test_every_event_is_of_the_class_that_it_names(self):
        self.assertGreater(len(self.events), 2)
        for event in self.events:
            self.assertEqual(event["specversion"], "1.0")
            self.assertEqual(event["dataschema"], "https://schema.ocsf.io/1.3.0/classes/api_activity")
            self.validator.validate(event["data"])

    def test_the_schema_refuses_what_is_none(self):
        for change in [lambda data: data.pop("api"), lambda data: data.update(activity_id=7), lambda data: data.update(x=1)]:
            data = copy.deepcopy(self.events[0]["data"])
            change(data)
            self.assertFalse(self.validator.is_valid(data))


if __name__ == "__main__":
    unittest.main()
