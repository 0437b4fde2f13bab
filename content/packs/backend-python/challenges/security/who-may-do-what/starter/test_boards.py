"""Tests of the boards. Run them with: python -m unittest test_boards"""

import pathlib
import tempfile
import unittest

import boards

NAMES = ("olga", "edi", "vera", "zoe")  # owner, editor, viewer, and somebody from outside

# What each of the four gets for each request on the board, in the order of NAMES.
MATRIX = [
    ("GET", "", None, (200, 200, 200, 404)),
    ("PATCH", "", {"title": "New"}, (200, 403, 403, 404)),
    ("DELETE", "", None, (204, 403, 403, 404)),
    ("GET", "/members", None, (200, 200, 200, 404)),
    ("PUT", "/members/zoe", {"role": "viewer"}, (204, 403, 403, 404)),
    ("PUT", "/members/vera", {"role": "owner"}, (204, 403, 403, 404)),
    ("DELETE", "/members/vera", None, (204, 403, 204, 404)),
    ("DELETE", "/members/edi", None, (204, 204, 403, 404)),
    ("GET", "/cards", None, (200, 200, 200, 404)),
    ("POST", "/cards", {"text": "Hello"}, (201, 201, 403, 404)),
    ("PATCH", "/cards/1", {"text": "New"}, (200, 200, 403, 404)),
    ("DELETE", "/cards/1", None, (204, 204, 403, 404)),
]

READY = {}  # the content of a database that setUp made, and its tokens


class Boards(unittest.TestCase):
    """Four users, and board 1 of Olga with card 1, an editor and a viewer, unless `shared` is false."""

    shared = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        database = pathlib.Path(folder.name, "boards.db")
        if self.shared in READY:  # a copy is faster than making it again
            content, self.tokens = READY[self.shared]
            database.write_bytes(content)
            self.app = boards.create_app(str(database))
            return
        self.app = boards.create_app(str(database))
        self.tokens = {name: boards.add_user(str(database), name) for name in NAMES}
        if self.shared:
            self.assertEqual(self.ask("olga", "POST", "/boards", {"title": "Plans"})[0], 201)
            self.assertEqual(self.ask("olga", "PUT", "/boards/1/members/edi", {"role": "editor"})[0], 204)
            self.assertEqual(self.ask("olga", "PUT", "/boards/1/members/vera", {"role": "viewer"})[0], 204)
            self.assertEqual(self.ask("edi", "POST", "/boards/1/cards", {"text": "First"})[0], 201)
        READY[self.shared] = database.read_bytes(), self.tokens

    def ask(self, name, method, path, body=None, headers=None):
        """Return the status and the JSON of an answer, or its text."""
        if headers is None:
            headers = {"Authorization": f"Bearer {self.tokens[name]}"} if name else {}
        answer = self.app.test_client().open(path, method=method, json=body, headers=headers)
        return answer.status_code, answer.get_json(silent=True) or answer.text

    def members(self):
        return {each["name"]: each["role"] for each in self.ask("olga", "GET", "/boards/1/members")[1]}


class TestStarter(Boards):
    shared = False

    def test_it_is_healthy_for_everybody(self):
        self.assertEqual(self.ask(None, "GET", "/healthz"), (200, "ok"))


class TestWithoutRights(Boards):
    shared = False

    def test_a_board_of_my_own(self):
        answer = self.app.test_client().post(
            "/boards", json={"title": "Plans"}, headers={"Authorization": f"Bearer {self.tokens['olga']}"}
        )
        self.assertEqual((answer.status_code, answer.headers["Location"]), (201, "/boards/1"))
        self.assertEqual(
            self.ask("olga", "GET", "/boards/1"), (200, {"id": 1, "title": "Plans", "role": "owner"})
        )

    def test_bad_bodies(self):
        for body in (None, [], {}, {"title": ""}, {"title": " "}, {"title": 7}, {"title": "a", "id": 9}):
            with self.subTest(body):
                self.assertEqual(self.ask("olga", "POST", "/boards", body)[0], 422)


class TestCards(Boards):
    def test_cards_have_their_author(self):
        self.assertEqual(
            self.ask("vera", "GET", "/boards/1/cards"), (200, [{"id": 1, "text": "First", "author": "edi"}])
        )
        self.assertEqual(
            self.ask("olga", "PATCH", "/boards/1/cards/1", {"text": "Changed"}),
            (200, {"id": 1, "text": "Changed", "author": "edi"}),
        )

    def test_fields_that_nobody_offered_are_refused(self):
        self.ask("edi", "POST", "/boards", {"title": "Other"})
        for extra in ({"board": 2}, {"author": "olga"}, {"id": 9}):
            with self.subTest(extra):
                self.assertEqual(
                    self.ask("edi", "PATCH", "/boards/1/cards/1", {"text": "x"} | extra)[0], 422
                )
                self.assertEqual(self.ask("edi", "POST", "/boards/1/cards", {"text": "x"} | extra)[0], 422)
        [card] = self.ask("edi", "GET", "/boards/1/cards")[1]
        self.assertEqual(card["text"], "First")

    def test_a_card_of_another_board_is_not_there(self):
        self.ask("zoe", "POST", "/boards", {"title": "Zoe's own"})
        for method, body in (("PATCH", {"text": "Taken"}), ("DELETE", None)):
            with self.subTest(method):
                self.assertEqual(self.ask("zoe", method, "/boards/2/cards/1", body)[0], 404)
        self.assertEqual(self.ask("edi", "GET", "/boards/1/cards")[1][0]["text"], "First")


class TestRights(Boards):
    def test_the_matrix(self):
        for method, path, body, expected in MATRIX:
            for name, status in zip(NAMES, expected, strict=True):
                with self.subTest(f"{name}: {method} {path}"):
                    self.setUp()
                    self.assertEqual(self.ask(name, method, f"/boards/1{path}", body)[0], status)

    def test_nothing_is_open_to_those_without_a_token(self):
        for rule in self.app.url_map.iter_rules():
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<int:{name}>", "1").replace(f"<{name}>", "vera")
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                if path != "/healthz":
                    with self.subTest(f"{method} {path}"):
                        self.assertEqual(self.ask(None, method, path)[0], 401)
        self.assertGreaterEqual(len(list(self.app.url_map.iter_rules())), 8)

    def test_only_the_right_token_in_the_right_form_opens(self):
        token = self.tokens["olga"]
        for value in ("", "Bearer", "Bearer ", f"Basic {token}", token, f"Bearer {token}x", "Bearer None"):
            with self.subTest(value[:12]):
                answer = self.app.test_client().get("/boards/1", headers={"Authorization": value})
                self.assertEqual(answer.status_code, 401)
                self.assertIn("WWW-Authenticate", answer.headers)

    def test_a_stranger_cannot_tell_what_exists(self):
        there = self.ask("zoe", "GET", "/boards/1")
        self.assertEqual(there, self.ask("zoe", "GET", "/boards/99"))
        self.assertEqual(there[0], 404)

    def test_lists_show_only_what_is_mine(self):
        self.assertEqual(self.ask("zoe", "GET", "/boards")[1].strip(), "[]")
        self.assertEqual(
            self.ask("vera", "GET", "/boards")[1], [{"id": 1, "title": "Plans", "role": "viewer"}]
        )


class TestMembers(Boards):
    def test_a_change_of_role_counts_from_the_next_request(self):
        self.ask("olga", "PUT", "/boards/1/members/edi", {"role": "viewer"})
        self.assertEqual(self.ask("edi", "POST", "/boards/1/cards", {"text": "x"})[0], 403)
        self.ask("olga", "DELETE", "/boards/1/members/edi")
        self.assertEqual(self.ask("edi", "GET", "/boards/1")[0], 404)

    def test_unknown_names_and_roles(self):
        for name, role in (("nobody", "viewer"), ("zoe", "admin"), ("zoe", ""), ("zoe", None)):
            with self.subTest((name, role)):
                self.assertEqual(
                    self.ask("olga", "PUT", f"/boards/1/members/{name}", {"role": role})[0], 422
                )
        self.assertEqual(self.ask("olga", "DELETE", "/boards/1/members/zoe")[0], 404)

    def test_a_board_keeps_an_owner(self):
        self.assertEqual(self.ask("olga", "DELETE", "/boards/1/members/olga")[0], 409)
        self.assertEqual(self.ask("olga", "PUT", "/boards/1/members/olga", {"role": "viewer"})[0], 409)
        self.assertEqual(self.members()["olga"], "owner")
        self.ask("olga", "PUT", "/boards/1/members/edi", {"role": "owner"})
        self.assertEqual(self.ask("olga", "DELETE", "/boards/1/members/olga")[0], 204)
        self.assertEqual(self.ask("olga", "GET", "/boards/1")[0], 404)

    def test_a_deleted_board_leaves_no_rights_behind(self):
        self.assertEqual(self.ask("olga", "DELETE", "/boards/1")[0], 204)
        self.ask("zoe", "POST", "/boards", {"title": "Zoe's own"})
        number = self.ask("zoe", "GET", "/boards")[1][0]["id"]
        for name in ("olga", "edi", "vera"):
            self.assertEqual(self.ask(name, "GET", f"/boards/{number}/cards")[0], 404)
        self.assertEqual(self.ask("zoe", "GET", f"/boards/{number}/cards")[1].strip(), "[]")
