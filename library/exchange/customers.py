"""A team's list of customers with their go-live dates, out of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from library.exchange.columns import ExchangeError, date_in
from library.records.entries import Customer
from library.vocabulary import Vocabulary

_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("customer", "customer name", "account", "account name", "company", "company name", "client", "name"),
    "live_on": (
        *("go-live", "go live", "golive", "go-live date", "go live date", "live on", "live since", "live", "went live"),
        *("first win", "first win on", "first win date", "first_win_on", "start date", "contract start", "date"),
    ),
    "owner": (
        *("owner", "account owner", "opportunity owner", "rep", "sales rep", "account manager", "csm"),
        *("customer success manager", "consultant", "told_by"),
    ),
    "industry": ("industry", "sector", "trade", "vertical"),
}
_NEEDED = {"name": "the customer", "live_on": "the go-live date"}


@dataclass(frozen=True, slots=True)
class Listed:
    """What came of a list: the customers, and a sentence for each row left out."""

    customers: tuple[Customer, ...]
    left_out: tuple[str, ...] = ()


def customers_in(table: pd.DataFrame, vocabulary: Vocabulary) -> Listed:
    """The customers of a table; raises ExchangeError where no column holds the names, or none the dates."""
    known = {_plain(str(column)): str(column) for column in table.columns}
    columns = {
        field: next((known[_plain(usual)] for usual in usual_names if _plain(usual) in known), "")
        for field, usual_names in _NAMES.items()
    }
    for field, meant in _NEEDED.items():
        if not columns[field]:
            raise ExchangeError(
                f"No column holds {meant}; call one {' or '.join(_NAMES[field][:2])}. "
                f"The columns are {', '.join(map(str, table.columns))}."
            )
    found: dict[str, Customer] = {}
    left_out: list[str] = []
    for row, cells in zip(table.index, table.to_dict("records"), strict=True):
        said = {field: " ".join(str(cells[column]).split()) if column else "" for field, column in columns.items()}
        if not any(said.values()):
            continue
        live_on = date_in(said["live_on"])
        if not said["name"]:
            left_out.append(f"Row {row}: found no customer's name.")
        elif live_on is None:
            left_out.append(f'Row {row}: found the date "{said["live_on"]}"; write it as in 2026-03-31.')
        else:
            industry = vocabulary.canonical("industry", said["industry"]) or said["industry"]
            found[said["name"]] = Customer(said["name"][:300], live_on, said["owner"][:200], industry[:200])
    return Listed(tuple(found.values()), tuple(left_out))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
