"""Tests of recipes. Run them with: python -m unittest test_recipes"""

import re
import unittest

import recipes

SOUP = {
    "slug": "soup",
    "title": "Soup <b>of the day</b>",
    "serves": 4,
    "ingredients": [
        {"amount": "1", "unit": "l", "name": "Water"},
        {"amount": "0.1", "unit": "kg", "name": "salt & pepper"},
    ],
}
BREAD = {
    "slug": "bread",
    "title": "Bread",
    "serves": 3,
    "ingredients": [{"amount": "1", "unit": "kg", "name": "flour"}],
}


class Site(unittest.TestCase):
    def setUp(self):
        self.app = recipes.create_app([SOUP, BREAD])
        self.client = self.app.test_client()

    def page(self, path, status=200):
        answer = self.client.get(path)
        self.assertEqual(answer.status_code, status)
        self.assertEqual(answer.mimetype, "text/html")
        return answer.text

    def json(self, path, status=200):
        answer = self.client.get(path)
        self.assertEqual(answer.status_code, status)
        self.assertEqual(answer.mimetype, "application/json")
        return answer.json


class TestStarter(Site):
    def test_there_is_a_list(self):
        self.assertIn("<h1>Recipes</h1>", self.page("/"))


class TestScaled(unittest.TestCase):
    def test_amounts(self):
        for amount, serves, people, text in (
            ("250", 4, 6, "375"),
            ("0.5", 4, 6, "0.75"),
            ("1", 3, 2, "0.67"),
            ("1", 3, 3, "1"),
            ("0.1", 1, 3, "0.3"),
            ("250", 1, 100, "25000"),
            ("10", 4, 4, "10"),
            ("100", 1, 10, "1000"),
            ("0.01", 4, 1, "0"),
        ):
            with self.subTest((amount, serves, people)):
                self.assertEqual(recipes.scaled(amount, serves, people), text)


class TestList(Site):
    def links(self, path):
        return re.findall(r'href="(/recipes/[^"]+)"', self.page(path))

    def test_all_recipes_by_title(self):
        self.assertEqual(self.links("/"), ["/recipes/bread", "/recipes/soup"])

    def test_those_with_an_ingredient(self):
        self.assertEqual(self.links("/?with=flour"), ["/recipes/bread"])
        self.assertEqual(self.links("/?with=WATER"), ["/recipes/soup"])
        self.assertEqual(self.links("/?with=flou"), [])

    def test_the_word_is_shown_as_text(self):
        page = self.page("/?with=%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertNotIn("<script>", page)
        self.assertIn("&lt;script&gt;alert(1)", page)

    def test_each_link_leads_somewhere(self):
        for link in self.links("/"):
            self.page(link)

    def test_two_applications_do_not_share_recipes(self):
        other = recipes.create_app([SOUP]).test_client()
        self.assertNotIn("/recipes/bread", other.get("/").text)
        self.assertIn("/recipes/bread", self.client.get("/").text)

    def test_the_file_is_read_if_nothing_is_passed_in(self):
        self.assertIn("/recipes/fish-and-chips", recipes.create_app().test_client().get("/").text)


class TestRecipe(Site):
    def test_as_many_as_it_serves(self):
        page = self.page("/recipes/bread")
        self.assertRegex(page, r"1 kg\s+flour")

    def test_for_more_people(self):
        self.assertRegex(self.page("/recipes/bread?people=2"), r"0\.67 kg\s+flour")
        self.assertRegex(self.page("/recipes/bread?people=100"), r"33\.33 kg\s+flour")

    def test_nothing_is_changed_by_looking(self):
        self.page("/recipes/bread?people=6")
        self.assertRegex(self.page("/recipes/bread"), r"1 kg\s+flour")

    def test_a_title_is_shown_as_text(self):
        page = self.page("/recipes/soup")
        self.assertNotIn("<b>", page)
        self.assertIn("Soup &lt;b&gt;of the day&lt;/b&gt;", page)
        self.assertIn("salt &amp; pepper", page)

    def test_wrong_numbers(self):
        for people in ("0", "101", "-1", "1.5", "x", "", "1e1", "%C2%B2"):
            with self.subTest(people):
                self.assertIn('href="/"', self.page(f"/recipes/bread?people={people}", 400))

    def test_an_unknown_recipe(self):
        self.assertIn('href="/"', self.page("/recipes/cake", 404))
        self.assertIn('href="/"', self.page("/nowhere", 404))


class TestApi(Site):
    def test_one_recipe(self):
        self.assertEqual(
            self.json("/api/recipes/bread?people=6"),
            {
                "slug": "bread",
                "title": "Bread",
                "people": 6,
                "ingredients": [{"amount": "2", "unit": "kg", "name": "flour"}],
            },
        )
        self.assertEqual(self.json("/api/recipes/soup")["people"], 4)
        self.assertEqual(self.json("/api/recipes/soup")["title"], SOUP["title"])

    def test_errors_are_json(self):
        for path, status in (
            ("/api/recipes/cake", 404),
            ("/api/recipes/bread?people=0", 400),
            ("/api/nowhere", 404),
        ):
            with self.subTest(path):
                self.assertTrue(self.json(path, status)["error"])
