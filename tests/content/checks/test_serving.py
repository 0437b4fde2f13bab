"""Real servers inside the sandbox: what they answer, what they are told apart from, and what is missing."""

import sys

import pytest

from bot.domain.questions.matching import judge
from content.checks import serving
from content.checks.experiments import Bench
from content.checks.isolation import isolation
from content.checks.proofs import State, prove
from content.checks.sandbox import Sandbox
from content.model import parse_question
from tests.content.conftest import a_question

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or isolation().why_open is not None,
    reason="servers are tried where they are closed in",
)

WSGI = """
def app(environ, start_response):
    start_response("200 OK", [("X-Read", environ["REQUEST_METHOD"])])
    size = int(environ.get("CONTENT_LENGTH") or 0)
    return [environ["wsgi.url_scheme"].encode(), b" ", environ["wsgi.input"].read(size)]
"""
ASGI = """
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    headers = [(b"x-read", scope["method"].encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    body = (await receive())["body"]
    await send({"type": "http.response.body", "body": scope["scheme"].encode() + b" " + body})
"""
NGINX = (
    "server { listen 80; location / { proxy_pass http://BACK; proxy_set_header X-Forwarded-Proto https; } }"
)
APACHE = """
Listen 80
<VirtualHost *:80>
  ProxyPass / http://BACK/
  RequestHeader set X-Forwarded-Proto https
</VirtualHost>
"""


def installed(*programs):
    missing = [each for each in programs if serving.found(each) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{missing} is not installed")


def ran(proof, key="`42`"):
    """The outcome of a proof of the kind ``server`` whose question has this key."""
    question = a_question("asked") | {"verify": {"kind": "server", "proof": proof}}
    question["options"][0]["text"] = key
    return prove(parse_question(question), Bench(judge, Sandbox(120)))


def held(proof, key):
    outcome = ran(proof, key)
    assert outcome.state is State.HELD, outcome


@pytest.mark.parametrize(
    ("program", "app"),
    [("gunicorn", WSGI), ("uvicorn", ASGI), pytest.param("uwsgi", WSGI, marks=installed("uwsgi"))],
)
def test_a_server_of_python_answers_what_is_sent_to_it(program, app):
    proof = f"""
with serve({program!r}, app={app!r}) as server:
    answer = ask(server, "POST /", body="body")
    print(answer.status, answer.headers["x-read"], answer.text)
"""
    held(proof, "`200 POST http body`")


@pytest.mark.parametrize(
    ("program", "conf"),
    [
        pytest.param("nginx", NGINX, marks=installed("nginx")),
        pytest.param("apache2", APACHE, marks=installed("apache2")),
    ],
)
def test_a_proxy_passes_requests_on_to_it(program, conf):
    proof = f"""
back = serve("gunicorn", app={WSGI!r})
front = serve({program!r}, conf={conf!r}.replace("BACK", back.address))
print(ask(front, "GET /").text, end=" ")
back.stop()
print(ask(front, "GET /").status, front.stop())
"""
    held(proof, "`https 502 0`" if program == "nginx" else "`https 503 0`")


@installed("nginx")
def test_a_request_goes_out_as_it_is_written():
    proof = """
server = serve("nginx", conf="server { listen 80; return 200 $request_method$http_host; }")
answers = [ask(server, request) for request in ("PUT / HTTP/1.1", "PUT / HTTP/1.0", "PUT /\\nHost: a")]
print(*(answer.text or answer.status for answer in answers), "PUT / HTTP/1.0" in server.log)
"""
    assert "400 Bad Request" in ran(proof).detail
    held(proof.replace("answer.text or ", ""), "`400 200 200 True`")


def test_a_server_that_does_not_start_says_why():
    proof = """
try:
    serve("gunicorn", app="raise ValueError('nothing here')")
except StartError as error:
    print("ValueError: nothing here" in str(error))
"""
    held(proof, "`True`")


def test_a_server_that_is_not_here_is_not_a_failure(monkeypatch):
    proof = "import serving\nraise serving.ProgramNotFoundError('apache99')"
    outcome = ran(proof)
    assert outcome.state is State.NOT_RUN
    assert outcome.not_run_here == "apache99 is not installed"
    monkeypatch.setattr("content.checks.experiments.found", lambda _: "/usr/sbin/apache99")
    assert ran(proof).state is State.FAILED


@pytest.mark.parametrize(
    ("conf", "listening"),
    [
        ("server { listen 80; }", "server { listen 127.0.0.1:99; }"),
        ("listen *:80 default_server;", "listen 127.0.0.1:99 default_server;"),
        ("listen 8080;", "listen 8080;"),
        ("Listen 80\n<VirtualHost *:80>", "\n<VirtualHost *:99>"),
    ],
)
def test_port_80_of_a_configuration_becomes_the_port_that_is_free(conf, listening):
    assert serving._listening(conf, 99) == listening
