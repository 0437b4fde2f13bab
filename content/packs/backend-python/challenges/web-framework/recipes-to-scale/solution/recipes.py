"""Recipes for as many people as you like. Run it with: flask --app recipes run --debug"""

import json
from decimal import Decimal
from pathlib import Path

from flask import Flask, abort, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

HERE = Path(__file__).parent


def scaled(amount, serves, people):
    """Return an amount for so many people as text, with two decimals at most and no zeros at the end."""
    text = f"{Decimal(amount) * people / serves:.2f}"
    return text.rstrip("0").rstrip(".")


def people_of(recipe):
    """Return for how many people the request asks. Answer with 400 if that isn't a number from 1 to 100."""
    text = request.args.get("people", str(recipe["serves"]))
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 100):
        abort(400, "people must be a whole number from 1 to 100")
    return int(text)


def create_app(recipes=None):
    """Return the application."""
    app = Flask(__name__, template_folder=str(HERE))
    if recipes is None:
        recipes = json.loads((HERE / "recipes.json").read_text(encoding="utf-8"))
    known = {recipe["slug"]: recipe for recipe in recipes}

    def found(slug):
        recipe = known.get(slug) or abort(404, "there is no such recipe")
        people = people_of(recipe)
        ingredients = [
            each | {"amount": scaled(each["amount"], recipe["serves"], people)}
            for each in recipe["ingredients"]
        ]
        return {"slug": slug, "title": recipe["title"], "people": people, "ingredients": ingredients}

    @app.get("/")
    def all_recipes():
        word = request.args.get("with", "")
        shown = [recipe for recipe in recipes if not word or has(recipe, word)]
        return render_template(
            "list.html", recipes=sorted(shown, key=lambda each: each["title"]), word=word
        )

    @app.get("/recipes/<slug>")
    def one_recipe(slug):
        return render_template("recipe.html", recipe=found(slug))

    @app.get("/api/recipes/<slug>")
    def one_as_json(slug):
        return jsonify(found(slug))

    @app.errorhandler(HTTPException)
    def failed(error):
        if request.path.startswith("/api/"):
            return jsonify(error=error.description), error.code
        return render_template("error.html", error=error), error.code

    return app


def has(recipe, word):
    return word.casefold() in (each["name"].casefold() for each in recipe["ingredients"])
