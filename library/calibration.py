"""The thresholds chosen for one encoder, kept in a file of its own and read at start."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import tomllib
from dataclasses import asdict, fields
from pathlib import Path

from library.encoder import PACKAGED_NAME
from library.files import put
from library.search import Weights
from library.tokens import SHIPPED, Projection
from library.verdicts import OF_QUESTIONS, Thresholds

log = logging.getLogger(__name__)
NOT_CALIBRATED = "Verdicts are not calibrated for this model; run python -m library calibrate."
_AGAIN = "run python -m library calibrate, or delete it. Until then the thresholds that ship are used."


class CalibrationError(ValueError):
    """A kept calibration that cannot be used: what was found, where, and what to do."""


def calibration_file(data: Path, encoder: str) -> Path:
    """Where the thresholds of an encoder are kept."""
    return data / "calibration" / f"{re.sub(r'[^A-Za-z0-9._-]', '-', encoder)}.toml"


def projection_file(data: Path, encoder: str) -> Path:
    """Where the projection of an encoder's tokens is kept, beside its thresholds."""
    return calibration_file(data, encoder).with_suffix(".npz")


def projection_of(data: Path, encoder: str) -> Projection | None:
    """The projection of an encoder's tokens: the one that ships, one learned by calibrate, or None.

    One that cannot be used is worth no more than none: the log says so, and calibrate makes it anew.
    """
    shipped = Projection.read(SHIPPED)
    if shipped.model == encoder:
        return shipped
    path = projection_file(data, encoder)
    try:
        learned = Projection.read(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s cannot be used (%s); run python -m library calibrate.", path, error)
        return None
    return learned if learned.model == encoder else None


def keep(data: Path, encoder: str, thresholds: Thresholds, about: str) -> Path:
    """Write the thresholds of an encoder, with a sentence about how they came; the file they are in."""
    path = calibration_file(data, encoder)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        *(f"# {line}" for line in about.splitlines()),
        f"encoder = {_quoted(encoder)}",
        f"formula = {_quoted(formula())}",
        "",
        "[thresholds]",
        *(f"{name} = {float(value)!r}" for name, value in asdict(thresholds).items()),
    ]
    put(path, "".join(f"{line}\n" for line in lines).encode())
    return path


def kept(data: Path, encoder: str) -> Thresholds | None:
    """The thresholds kept for an encoder, or None where there are none; raises CalibrationError."""
    path = calibration_file(data, encoder)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CalibrationError(f"{path} cannot be read ({str(error.strerror).lower()}); {_AGAIN}") from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise CalibrationError(f"{path} cannot be read ({error}); {_AGAIN}") from error
    if found.get("encoder") != encoder:
        raise CalibrationError(f"{path}: found the encoder {found.get('encoder')!r}, not {encoder}; {_AGAIN}")
    if found.get("formula") != formula():
        raise CalibrationError(f"{path} was made for another version of the search; {_AGAIN}")
    return _thresholds(path, found.get("thresholds"))


def shipped(encoder: str) -> Thresholds:
    """The thresholds that ship for an encoder; of another than the packaged one they are no more than a beginning."""
    return OF_QUESTIONS if encoder == PACKAGED_NAME else Thresholds()


def formula() -> str:
    """A mark of the weights and thresholds that ship: a calibration begins with them, and is over when they change."""
    return hashlib.sha256(f"{Weights()!r}{Thresholds()!r}{OF_QUESTIONS!r}".encode()).hexdigest()[:12]


def _thresholds(path: Path, values: object) -> Thresholds:
    names = [field.name for field in fields(Thresholds)]
    if not isinstance(values, dict) or set(values) != set(names):
        there = ", ".join(map(str, values)) if isinstance(values, dict) else repr(values)
        raise CalibrationError(f"{path}, thresholds: found {there}; expected {', '.join(names)}; {_AGAIN}")
    for name, value in values.items():
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise CalibrationError(f"{path}, {name}: found {value!r}, not a number; {_AGAIN}")
    chosen = Thresholds(**{name: float(values[name]) for name in names})
    if chosen.close < chosen.nearest:
        raise CalibrationError(f"{path}: found close {chosen.close} below nearest {chosen.nearest}; {_AGAIN}")
    return chosen


def _quoted(text: str) -> str:
    """A text as a TOML string."""
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or c in '"\\\x7f' else c for c in text)
    return f'"{escaped}"'
