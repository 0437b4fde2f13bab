"""The first implementation, in Flask: python first.py"""

import os

import store
from flask import Flask, jsonify, request
from werkzeug.exceptions import HTTPException

app = Flask(__name__)


@app.errorhandler(HTTPException)
def failed(error):
    response = jsonify(error=error.description)
    response.status_code = error.code
    if getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


for kind, status in ((store.Missing, 404), (store.Out, 409), (store.Invalid, 422)):
    app.register_error_handler(kind, lambda error, status=status: (jsonify(error=str(error)), status))


def made(value, path):
    return jsonify(value), 201, {"Location": f"{path}/{value['id']}"}


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/tools")
def tools():
    return jsonify(store.tools())


@app.post("/tools")
def add_tool():
    return made(store.add_tool(request.get_json()), "/tools")


@app.get("/tools/<int:number>")
def tool(number):
    return store.tool(number)


@app.post("/tools/<int:number>/loans")
def lend(number):
    return made(store.lend(number, request.get_json()), "/loans")


@app.get("/loans")
def loans():
    return jsonify(store.loans())


@app.get("/loans/<int:number>")
def loan(number):
    return store.loan(number)


@app.patch("/loans/<int:number>")
def give_back(number):
    return store.give_back(number, request.get_json())


if __name__ == "__main__":
    store.create()
    app.run("127.0.0.1", int(os.environ["PORT"]))
