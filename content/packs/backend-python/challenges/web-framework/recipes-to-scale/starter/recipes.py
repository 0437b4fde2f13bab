"""Recipes for as many people as you like. Run it with: flask --app recipes run --debug"""

import json
from pathlib import Path

from flask import Flask, render_template

HERE = Path(__file__).parent


def scaled(amount, serves, people):
    """Return an amount for so many people as text, with two decimals at most and no zeros at the end.

    scaled("250", 4, 6) is "375", scaled("0.5", 4, 6) is "0.75", scaled("1", 3, 2) is "0.67".
    """
    raise NotImplementedError


def create_app(recipes=None):
    """Return the application. Tests pass in recipes of their own; otherwise they come from the file.

    - GET / lists all recipes with links, by title.
    - GET /?with=flour lists those with this ingredient, in any case, and shows the word that was asked
      for.
    - GET /recipes/pancakes?people=6 shows one with its amounts, for as many as it serves if nobody says.
    - GET /api/recipes/pancakes?people=6 is the same as JSON: slug, title, people and the ingredients.

    `people` is a whole number from 1 to 100; another one is answered with 400. An unknown recipe is a
    404. For both there is a page with a link to the list, and under /api a JSON object with `error`.
    """
    app = Flask(__name__, template_folder=str(HERE))
    if recipes is None:
        recipes = json.loads((HERE / "recipes.json").read_text(encoding="utf-8"))

    @app.get("/")
    def all_recipes():
        return render_template("list.html")

    return app
