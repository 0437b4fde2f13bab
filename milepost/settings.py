"""Settings of an operator, read from the environment; all problems are told at once.

What the core knows of them is ``bot.settings``. Where they come from: ``bot/chat/configuration.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.chat.configuration import (
    ENV_FILE,
    SOURCES,
    TRUSTED,
    Configuration,
    in_file,
    named_file,
    secrets_folder,
    sentences,
    trusted,
    variables,
)
from bot.errors import SetupError
from bot.settings import Settings
from bot.toolkit.nearest import did_you_mean
from bot.toolkit.redaction import withhold, withhold_passwords
from bot.toolkit.terminal import plain_line

PREFIX = "MILEPOST_"


class ProgramSettings(Configuration, Settings):
    """Settings of an operator: those of the core and of the program around it.

    Each field is the variable ``MILEPOST_<NAME>``.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    database_url: str = Field(
        "sqlite:///data/milepost.db",
        description="Where everything is stored: sqlite:///FILE or postgresql://USER@HOST/NAME.",
        pattern=r"^(sqlite:///|postgresql://).",
        repr=False,
        json_schema_extra=TRUSTED,
    )
    database_password: str = Field(
        "", description="Password of the database, if its address has none.", repr=False
    )
    database_busy_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        5.0, description="How long to wait for a lock held by another process."
    )
    database_answer_seconds: Annotated[float, Field(gt=0, le=600)] = Field(
        10.0, description="How much longer PostgreSQL may take to answer before it counts as unreachable."
    )
    commit_group_size: Annotated[int, Field(ge=1, le=1000)] = Field(
        256, description="Most units of work in one durable commit."
    )
    packs_folder: Path | None = Field(
        None, description="A folder of more packs, in addition to those that come with Milepost."
    )
    platforms: str = Field(
        "",
        description="Adapters to run, by folder name, separated by commas. If empty: those whose token "
        "is set, or else the local web page.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR."
    )

    @property
    def database_file(self) -> Path | None:
        """The file of the database, which the first start makes; None where a server keeps it."""
        if not self.database_url.startswith("sqlite:"):
            return None
        return Path(self.database_url.removeprefix("sqlite:///").partition("?")[0])


def load_settings(*kinds: type[BaseSettings]) -> tuple[BaseSettings, ...]:
    """Return one instance of each kind, from the environment, the files and the defaults.

    Raises SetupError with a line for each problem of any kind: a wrong value, a variable with our prefix
    that is no setting, with the nearest name that is, and one that must not be set where it is.
    """
    every: set[type[BaseSettings]] = {ProgramSettings, *kinds}
    _withhold_given(every)
    known = {name for kind in every for name in variables(kind)}
    written = in_file()
    problems = list(_misspelt({*os.environ, *written, *_names_in_folder()}, known))
    problems += _refused(written, every)
    loaded = []
    for kind in kinds:
        try:
            loaded.append(kind())
        except ValidationError as error:
            problems += sentences(kind, error)
    if problems:
        raise SetupError("\n".join(problems))
    return tuple(loaded)


def withhold_environment() -> None:
    """Keep passwords of the environment out of all that is said: those of addresses, and for drivers."""
    for name, value in os.environ.items():
        withhold_passwords(value)
        if name in _OF_DRIVERS:
            withhold(value)


def _withhold_given(kinds: Iterable[type[BaseSettings]]) -> None:
    """Keep every secret of the environment out of logs, also one that is wrong."""
    withhold_environment()
    secret = {name for kind in kinds for name, field in variables(kind).items() if _is_secret(kind, field)}
    for name, value in os.environ.items():
        if name.upper() in secret:
            withhold(value)


def _is_secret(kind: type[BaseSettings], field: str) -> bool:
    return not kind.model_fields[field].repr


def _names_in_folder() -> Iterator[str]:
    folder = secrets_folder()
    if folder is not None and folder.is_dir():
        yield from (file.name for file in folder.iterdir() if file.is_file())


def _refused(written: Iterable[str], kinds: Iterable[type[BaseSettings]]) -> Iterator[str]:
    """Yield a sentence for each setting that the file has and must not have."""
    for name in sorted({*written} & {*SOURCES}):
        yield f"{name} only counts in the environment, not in a file of settings."
    if named_file() is not None:
        return
    kept = {name for kind in kinds for name in trusted(kind)}
    for name in sorted({*written} & kept):
        if not os.environ.get(name):
            yield (
                f"{name} isn't taken from the file .env of the current folder, because it says where data "
                "or tokens go, or who may reach Milepost. Set it in the environment. If the file is yours, "
                f"you can set {ENV_FILE}=.env there instead."
            )


def _misspelt(given: Iterable[str], known: set[str]) -> Iterator[str]:
    for name in sorted(given):
        if name.upper().startswith(PREFIX) and name.upper() not in known | _OTHERS | set(SOURCES):
            hint = did_you_mean(
                name.upper().removeprefix(PREFIX),
                [n.removeprefix(PREFIX) for n in sorted(known)],
                PREFIX + "{}",
            )
            yield f"{plain_line(name)} is not a setting.{hint}"


_OTHERS = {"MILEPOST_CHROMIUM", "MILEPOST_TEST_POSTGRES_URL"}
"""Variables of the test suite, which share the prefix."""

_OF_DRIVERS = {"PGPASSWORD"}
"""Secrets that a library reads from the environment itself."""
