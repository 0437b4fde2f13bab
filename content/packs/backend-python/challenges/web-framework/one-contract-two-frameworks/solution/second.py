"""The second implementation, in FastAPI: python second.py"""

import json
import os

import store
import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

app = FastAPI()


class NotJson(Exception):
    """The body isn't JSON."""


@app.exception_handler(HTTPException)
async def failed(request, error):
    headers = dict(error.headers or {})
    if error.status_code == 405:
        offered = {
            method
            for route in app.routes
            if route.matches(request.scope)[0] is not Match.NONE
            for method in route.methods
        }
        headers["Allow"] = ", ".join(sorted(offered))
    return JSONResponse({"error": str(error.detail)}, error.status_code, headers)


def answers(status):
    async def handler(request, error):
        return JSONResponse({"error": str(error)}, status)

    return handler


for kind, status in ((store.Missing, 404), (store.Out, 409), (store.Invalid, 422), (NotJson, 400)):
    app.add_exception_handler(kind, answers(status))


async def body_of(request):
    try:
        return json.loads(await request.body())
    except ValueError:
        raise NotJson("the body is not JSON") from None


def made(value, path):
    return JSONResponse(value, 201, {"Location": f"{path}/{value['id']}"})


@app.get("/healthz")
def healthz():
    return {"status": "ok"}


@app.get("/tools")
def tools():
    return store.tools()


@app.post("/tools")
async def add_tool(request: Request):
    return made(await run_in_threadpool(store.add_tool, await body_of(request)), "/tools")


@app.get("/tools/{number:int}")
def tool(number: int):
    return store.tool(number)


@app.post("/tools/{number:int}/loans")
async def lend(number: int, request: Request):
    return made(await run_in_threadpool(store.lend, number, await body_of(request)), "/loans")


@app.get("/loans")
def loans():
    return store.loans()


@app.get("/loans/{number:int}")
def loan(number: int):
    return store.loan(number)


@app.patch("/loans/{number:int}")
async def give_back(number: int, request: Request):
    return await run_in_threadpool(store.give_back, number, await body_of(request))


if __name__ == "__main__":
    store.create()
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
