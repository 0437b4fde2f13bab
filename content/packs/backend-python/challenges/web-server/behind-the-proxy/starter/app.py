"""A small application to put behind a proxy. It works, and believes too much."""

import json
import os
import time

SLOW = float(os.environ.get("SLOW", "5"))


def application(environ, start_response):
    path = environ["PATH_INFO"]
    headers = [("Content-Type", "text/html; charset=utf-8")]
    if path == "/":
        body = '<!doctype html><link rel="stylesheet" href="/static/site.css"><h1>It works</h1>'
        headers.append(("Set-Cookie", "seen=1; Path=/"))
    elif path == "/whoami":
        # Three facts as the application sees them. Behind a proxy they are those of the proxy,
        # unless it sends headers and you decide whom to believe.
        seen = {
            "address": environ.get("HTTP_X_FORWARDED_FOR", environ["REMOTE_ADDR"]).split(",")[0],
            "scheme": environ["wsgi.url_scheme"],
            "host": environ.get("HTTP_HOST", ""),
        }
        headers, body = [("Content-Type", "application/json")], json.dumps(seen)
    elif path == "/slow":
        time.sleep(SLOW)
        body = "slow, and complete"
    elif path == "/healthz":
        body = "ok"
    else:
        start_response("404 Not Found", headers)
        return [b"There is nothing here."]
    start_response("200 OK", headers)
    return [body.encode()]
