"""Sources of settings, and the settings that each source may set.

The environment wins over a file, and a file over a folder of secrets. The file is the one that
MILEPOST_ENV_FILE names, or else ``.env`` in the current folder. That one may have come with what was
downloaded, so it sets nothing that says where tokens or data go, or who may reach us: see ``TRUSTED``.
"""

from __future__ import annotations

import io
import ipaddress
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings.sources import DotEnvSettingsSource
from pydantic_settings.sources.utils import parse_env_vars

from bot.errors import SetupError
from bot.toolkit.redaction import withhold

ENV_FILE = "MILEPOST_ENV_FILE"
"""Names the file to read instead of ``.env``; everything in it counts."""

SECRETS_FOLDER = "MILEPOST_SECRETS_FOLDER"
"""Names a folder with a file for each setting, called like its variable, in small letters."""

SOURCES = (ENV_FILE, SECRETS_FOLDER)
"""Variables that say where settings are, so the environment alone can have them."""

HERE = Path(".env")

MOST_BYTES = 1 << 16
"""Bytes read of a file of settings, at most, so that nothing endless is read."""

_TRUSTED, _OFFICIAL = "trusted", "official"
_ENCRYPTED = {"https", "wss"}

TRUSTED: dict[str, Any] = {_TRUSTED: True}
"""``json_schema_extra`` of a field that a ``.env`` in the current folder must not set."""


def official(*addresses: str) -> dict[str, Any]:
    """``json_schema_extra`` of a platform's address, with its official values.

    Any other value is reported.
    """
    return {_TRUSTED: True, _OFFICIAL: addresses}


def is_loopback(host: str) -> bool:
    """Tell whether an address is surely the machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def safe_address(address: str) -> str:
    """Return an address that tokens may be sent to. Raises ValueError with what to write.

    Without encryption only this machine is such an address.

    >>> safe_address("https://chat.example.org")
    'https://chat.example.org'
    """
    if not address:
        return address
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "ws", *_ENCRYPTED} or set(address) & set("\\?# \t\r\n"):
        raise ValueError("write it like https://host/path")
    if "@" in parts.netloc:
        raise ValueError("write it without a user name and a password")
    if parts.scheme not in _ENCRYPTED and not is_loopback(host):
        raise ValueError(
            "tokens are sent there, so it must begin with https:// or wss://, except on this machine"
        )
    return address


PlatformAddress = Annotated[str, AfterValidator(safe_address)]
"""Address that a platform's requests go to."""


class Configuration(BaseSettings):
    """Base of all settings. Every secret, a field with ``repr=False``, is kept out of logs from then on."""

    model_config = SettingsConfigDict(
        env_file=(), extra="ignore", frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    @classmethod
    def read(cls) -> Self:
        """Read these settings alone, such as for a command of a platform's own.

        Raises SetupError with a line for each that is wrong.
        """
        try:
            return cls()
        except ValidationError as error:
            raise SetupError("\n".join(sentences(cls, error))) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - its place is ours
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Replace the library's files by ours; ``_env_file=None`` leaves them out."""
        given = init_settings, env_settings
        if isinstance(dotenv_settings, DotEnvSettingsSource) and dotenv_settings.env_file is None:
            return given
        return (
            *given,
            _Written(settings_cls, _believed(settings_cls)),
            _Written(settings_cls, in_folder(settings_cls)),
        )

    def model_post_init(self, _context: Any, /) -> None:
        """Keep the secrets of these settings out of every log."""
        for name, field in type(self).model_fields.items():
            if not field.repr:
                withhold(str(getattr(self, name)))


class _Written(EnvSettingsSource):
    """Settings from what was read already, by the names of the variables."""

    def __init__(self, kind: type[BaseSettings], values: Mapping[str, str]) -> None:
        self._values = values
        super().__init__(kind)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return parse_env_vars(self._values, self.case_sensitive, self.env_ignore_empty)


def variables(kind: type[BaseSettings]) -> dict[str, str]:
    """The environment variables of a kind of settings, each with its field's name."""
    prefix = kind.model_config.get("env_prefix", "")
    return {(prefix + name).upper(): name for name in kind.model_fields}


def sentences(kind: type[BaseSettings], error: ValidationError) -> list[str]:
    """Put what is wrong with settings of a kind in words, one sentence for each of them."""
    return [_sentence(kind, detail) for detail in error.errors()]


def _sentence(kind: type[BaseSettings], detail: ErrorDetails) -> str:
    """One problem in words; the value of a secret, a field without ``repr``, is not told."""
    name, field = next(
        (variable, kind.model_fields[field])
        for variable, field in variables(kind).items()
        if field == detail["loc"][0]
    )
    if detail["type"] == "missing":
        return f"{name} is missing: {field.description}"
    said = str(detail["ctx"]["error"]) if detail["type"] == "value_error" else detail["msg"]
    if not field.repr:
        # Where it is quoted; not inside of another word, as a very short one is.
        said = re.sub(rf"(?<!\w){re.escape(str(detail['input']))}(?!\w)", "it", said)
    why = f"{said[0].lower()}{said[1:]}"
    if detail["type"] == "string_pattern_mismatch" and field.default:
        why = f"write it like {field.default}"
    return f"{name} is {repr(detail['input']) if field.repr else 'wrong'}: {why}."


def trusted(kind: type[BaseSettings]) -> frozenset[str]:
    """The variables that a ``.env`` in the current folder must not set."""
    return frozenset(name for name, field in variables(kind).items() if _TRUSTED in _extra(kind, field))


def elsewhere(settings: BaseSettings) -> Iterator[tuple[str, str]]:
    """The addresses of a platform that are not its official ones, with their variables."""
    kind = type(settings)
    for variable, field in variables(kind).items():
        official = _extra(kind, field).get(_OFFICIAL)
        address = str(getattr(settings, field))
        if official is not None and address.rstrip("/") not in {each.rstrip("/") for each in official}:
            yield variable, address


def named_file() -> Path | None:
    """The file that MILEPOST_ENV_FILE names, if it is set."""
    return _named(ENV_FILE)


def secrets_folder() -> Path | None:
    """The folder that MILEPOST_SECRETS_FOLDER names, if it is set."""
    return _named(SECRETS_FOLDER)


def in_file() -> Mapping[str, str]:
    """Return the settings in the file, by variables in capitals. Raises SetupError if it can't be read."""
    file = named_file()
    if file is None:
        if not HERE.exists() or HERE.is_dir():  # some call the folder of their interpreter so
            return {}
        file = HERE
    text = _text(file, f"{ENV_FILE} names {file}, but that" if file is not HERE else f"{file}")
    # Nothing is filled in: a file could put a token of the environment in the place of something else.
    found = dotenv_values(stream=io.StringIO(text), interpolate=False)
    for name in found:
        # Letters such as the Kelvin sign become ASCII when they are lowered, and so another setting's name.
        if not name.isascii():
            raise SetupError(f"{file}: {ascii(name)[1:-1][:80]} isn't a setting. Use A to Z, digits and _.")
    return {name.upper(): value for name, value in found.items() if value}


def in_folder(kind: type[BaseSettings]) -> Mapping[str, str]:
    """Return what the folder of secrets has for these settings. Raises SetupError for an unreadable one."""
    folder = secrets_folder()
    if folder is None:
        return {}
    if not folder.is_dir():
        raise SetupError(f"{SECRETS_FOLDER} names {folder}, but there is no such folder.")
    files = {name: folder / name.lower() for name in variables(kind)}
    return {name: _text(file, str(file)).strip() for name, file in files.items() if file.exists()}


def _believed(kind: type[BaseSettings]) -> Mapping[str, str]:
    """Return the settings that the file may set."""
    kept = trusted(kind) if named_file() is None else frozenset()
    return {name: value for name, value in in_file().items() if name not in kept}


def _named(variable: str) -> Path | None:
    told = os.environ.get(variable)
    return Path(told).expanduser() if told else None


def _text(file: Path, what: str) -> str:
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise SetupError(f"{what} isn't a plain file of at most {MOST_BYTES >> 10} KiB.")
        return file.read_bytes().decode()
    except OSError as error:
        raise SetupError(f"{what} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SetupError(f"{what} isn't text in UTF-8.") from None


def _extra(kind: type[BaseSettings], field: str) -> Mapping[str, Any]:
    extra = kind.model_fields[field].json_schema_extra
    return extra if isinstance(extra, dict) else {}
