"""Attacks on the notes. Each asserts what should be so, and is red until its hole is fixed.

Three are written. Write the others before you fix anything: python -m unittest test_notes test_attacks
"""

from test_notes import PASSWORD, Forms, Service


class TestAttacks(Service):
    def test_1_search_finds_nothing_foreign(self):
        self.add(self.bob, "Bob's secret")
        found = self.send(self.ann, "/", 0, q="x%' OR 1=1 --")
        self.assertEqual(found.status_code, 200)
        self.assertNotIn("secret", Forms(found.text).text)

    def test_1_login_needs_the_password(self):
        self.fail("Log in as Ann with a name that ends the SQL. Store and find a note with O'Brien, too.")

    def test_2_a_note_is_text(self):
        self.fail(
            "Add a note with a script, and one with an image that has onerror. Look at Forms(...).tags."
        )

    def test_3_deleting_needs_a_token_and_the_right_origin(self):
        self.fail("Post to the delete route without the form, and with the form from another Origin.")

    def test_4_no_page_may_be_framed(self):
        path = self.add(self.ann, "Buy milk")
        for page in ("/", path, "/login", "/nowhere"):
            with self.subTest(page):
                policy = self.ann.get(page).headers.get("Content-Security-Policy", "")
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("unsafe-inline", policy)

    def test_5_notes_of_others_are_not_there(self):
        path = self.add(self.bob, "Bob's secret")
        self.assertEqual(self.ann.get(path).status_code, 404)

    def test_5_nor_can_they_be_deleted(self):
        self.fail("Delete Bob's note as Ann, with a token of Ann's, and look whether it is still there.")

    def test_6_logins_are_limited(self):
        self.fail("Try twenty wrong passwords for Ann. Is an unknown name answered differently?")

    def test_7_passwords_have_a_slow_hash(self):
        self.fail("Open self.database with sqlite3 and look at the column.")

    def test_8_no_known_hole_comes_along(self):
        self.fail("Run pip-audit on requirements.txt, and let this test refuse the version that it names.")
