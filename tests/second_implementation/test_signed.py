"""Checks the committed configs and certificates, and refuses what was made of them. Run: python3 -m unittest, in this folder."""

import copy
import json
import pathlib
import unittest

import sealtape_signed as signed
from sealtape_ledger import Refused

VECTORS = json.loads(
    (pathlib.Path(__file__).parent.parent / "data" / "vectors" / "signed-v1.json").read_text(encoding="utf-8")
)
KEY, LOG = VECTORS["key"], (VECTORS["verifier"], VECTORS["origin"])


class Configs(unittest.TestCase):
    def open(self, name: str, now: int):
        return signed.open_config(VECTORS[name], KEY, VECTORS["project"], now)

    def test_a_config_holds_for_a_day(self):
        self.assertEqual(self.open("config", VECTORS["now"])["version"], 12)
        for now in (VECTORS["now"] - 301, VECTORS["now"] + 86_400 + 300):
            with self.assertRaises(Refused):
                self.open("config", now)

    def test_nobody_else_signs_one(self):
        with self.assertRaises(Refused):
            self.open("foreign_config", VECTORS["now"])


class Certificates(unittest.TestCase):
    def test_certificates_hold_and_say_of_whom_they_speak(self):
        for name in ("certificate", "later"):
            file = VECTORS[name]
            said = signed.open_certificate(file, KEY, *LOG)
            self.assertTrue(signed.is_about(file, said, "email", VECTORS["email"]))
            self.assertFalse(signed.is_about(file, said, "email", "bob@example.test"))

    def test_what_was_changed_does_not(self):
        for path in (("certificate", "document"), ("certificate", "entry"), ("certificate", "proof"), ("horizon", "document")):
            file = copy.deepcopy(VECTORS["later"])
            text = file[path[0]][path[1]]
            middle = len(text) // 2
            file[path[0]][path[1]] = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
            with self.assertRaises((Refused, ValueError), msg=path):
                signed.open_certificate(file, KEY, *LOG)


if __name__ == "__main__":
    unittest.main()
