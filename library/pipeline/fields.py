"""Which column of a CRM's export is what: the names Salesforce, HubSpot and others give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from library.exchange.columns import plain_name
from library.pipeline.situations import PipelineError


class Field(StrEnum):
    """What a column of deals can hold; its value is what `--map` calls it."""

    ID = "id"
    NAME = "name"
    ACCOUNT = "account"
    OWNER = "owner"
    STAGE = "stage"
    CLOSES = "closes"
    AMOUNT = "amount"
    NOTES = "notes"
    CHANGE = "change"
    PAIN = "pain"
    INDUSTRY = "industry"
    EMPLOYEES = "employees"
    COUNTRY = "country"
    NEXT_STEP = "next-step"
    CLOSED = "closed"
    WON = "won"

    @property
    def label(self) -> str:
        """The field as somebody reads it who says which column it is."""
        return _LABELS.get(self, self.value.replace("-", " ").capitalize())


_LABELS: Mapping[Field, str] = {
    Field.ID: "Id",
    Field.NAME: "Deal",
    Field.CLOSES: "Close date",
    Field.NOTES: "Notes",
    Field.CHANGE: "What changed for them",
    Field.PAIN: "What it costs them",
    Field.CLOSED: "Closed, yes or no",
    Field.WON: "Won, yes or no",
}
TEXTS = (Field.NOTES, Field.CHANGE, Field.PAIN)
"""What may stand in several columns: they are read one after the other."""

_USUAL_NAMES: Mapping[Field, str] = {
    Field.ID: "opportunity id, record id, deal id, case safe id, opportunity id 18, hs object id, id, crm id, "
    "opportunity number",
    Field.NAME: "opportunity name, deal name, opportunity, deal, topic, opportunity title, deal title, name, title",
    Field.ACCOUNT: "account name, account, associated company, associated company primary, company name, company, "
    "customer name, customer, organization, organisation, organization name, potential customer, primary company, "
    "associated company names, client, prospect, associated companies",
    Field.OWNER: "opportunity owner, deal owner, owner, owner name, owner full name, hubspot owner id, owner id, "
    "sales rep, account executive, rep, salesperson, opportunity owner full name, opportunity owner alias, "
    "assigned to, deal owner name",
    Field.STAGE: "stage, deal stage, stage name, sales stage, opportunity stage, pipeline stage, deal stage name, "
    "status",
    Field.CLOSES: "close date, expected close date, est close date, estimated close date, closing date, close, "
    "closes on, expected close, forecast close date, target close date",
    Field.AMOUNT: "amount, deal amount, amount converted, amount in company currency, value, deal value, "
    "annual contract value, acv, arr, tcv, total contract value, est revenue, estimated revenue, "
    "opportunity amount, expected revenue, amount in home currency",
    Field.NOTES: "description, deal description, opportunity description, notes, note, comments, opportunity notes, "
    "deal notes, details, summary, situation, background, notes last contacted, discovery notes, manager notes, "
    "rep notes, call notes, meeting notes, qualification notes, last note, most recent note, notes summary, "
    "opportunity summary, additional information",
    Field.CHANGE: "compelling event, why now, trigger, trigger event, what changed, critical event, why change, "
    "reason for change",
    Field.PAIN: "pain, pains, identify pain, identified pain, pain point, pain points, challenge, challenges, "
    "business problem, business issue, business pain, problem, what it cost, implicated pain, current situation pain",
    Field.INDUSTRY: "industry, account industry, company industry, sector, vertical, industry vertical",
    Field.EMPLOYEES: "employees, number of employees, no of employees, employee count, company size, headcount, "
    "account employees, num employees",
    Field.COUNTRY: "billing country, country, country region, billing country territory, account country, "
    "company country, shipping country, country code, mailing country, billing country text only, region",
    Field.NEXT_STEP: "next step, next steps, hs next step, deal next step, next action",
    Field.CLOSED: "closed, is closed, is deal closed, hs is closed, closed deal",
    Field.WON: "won, is won, is closed won, hs is closed won, closed won",
}  # fmt: skip
_TARGETS: Mapping[str, tuple[Field, int]] = {
    plain_name(usual): (field, rank)
    for field, names in _USUAL_NAMES.items()
    for rank, usual in enumerate((*names.split(", "), field.value))
}
"""A name, what it usually means, and how usual it is: the lower goes first where two columns mean one field."""
_IGNORED = frozenset(
    map(
        plain_name,
        "probability, probability (%), deal probability, type, deal type, opportunity type, lead source, "
        "original source, pipeline, created date, create date, last modified date, last activity, "
        "last activity date, age, fiscal period, created by, amount currency, currency, deal currency code, "
        "loss reason, closed lost reason, closed won reason, lost reason, forecast category, campaign source, "
        "primary campaign source, last contacted, priority, contact id, account id, stage duration, "
        "opportunity currency, owner role, associated company ids, associated contact, last modified by, "
        "hs deal stage probability, closed date, days to close, number of sales activities".split(", "),
    )
)
"""Known, and of no use for what a deal is asked here."""
_OBJECT = re.compile(r"^(?:opportunity|opp|deal|account|company|properties|hs|owner)\s*[:._]\s*", re.IGNORECASE)
FEWEST = 3
"""So many known columns make a table a table of deals."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what, and which nobody knows."""

    taken: Mapping[Field, tuple[str, ...]]
    unknown: tuple[str, ...] = ()

    def of(self, field: Field) -> tuple[str, ...]:
        """The columns of a field; most have one or none."""
        return self.taken.get(field, ())

    @property
    def have_notes(self) -> bool:
        """Whether any column tells of the customer's world."""
        return any(self.of(field) for field in TEXTS)

    @property
    def are_of_deals(self) -> bool:
        """Whether enough is known of these columns to take their rows for deals."""
        told = {field for field in self.taken if field not in {Field.ID, Field.COUNTRY, Field.EMPLOYEES, *TEXTS}}
        return len(self.taken) >= FEWEST and bool(told & {Field.NAME, Field.ACCOUNT}) and bool(told & _OF_A_DEAL)


_OF_A_DEAL = frozenset({Field.STAGE, Field.CLOSES, Field.AMOUNT, Field.OWNER})


def columns_of(names: Sequence[str], asked: Mapping[str, str] | None = None) -> Columns:
    """What each column holds: as asked (a column to a field or ""), else by its usual name.

    Raises PipelineError for a column or a field that is not there.
    """
    taken: dict[Field, list[str]] = {}
    wished = {_column(name, names): _field(name, wish) for name, wish in (asked or {}).items()}
    for column, field in wished.items():
        if field is not None:
            taken.setdefault(field, []).append(column)
    by_field: dict[Field, list[tuple[int, int, str]]] = {}
    unknown: list[str] = []
    for place, name in enumerate(names):
        if name in wished:
            continue
        known = _usual(name)
        if known is not None:
            by_field.setdefault(known[0], []).append((known[1], place, name))
        elif plain_name(_bare(name)) not in _IGNORED and plain_name(name) not in _IGNORED:
            unknown.append(name)
    for field, found in by_field.items():
        if field in TEXTS:
            taken.setdefault(field, []).extend(name for _, _, name in sorted(found, key=lambda one: one[1]))
        elif field not in taken:
            taken[field] = [min(found)[2]]
    return Columns({field: tuple(taken[field]) for field in Field if field in taken}, tuple(unknown))


def without_notes(where: str, names: Iterable[str]) -> PipelineError:
    """What to say of deals that bring no word about the customer."""
    listed = ", ".join(names)
    return PipelineError(
        f"{where}: found no column with notes among {listed[:300]}{'…' if len(listed) > 300 else ''}; "
        "export the deals again with Description or Notes, or say which column holds them."
    )


def _usual(name: str) -> tuple[Field, int] | None:
    bare = _bare(name)
    for said in (name, bare, _OBJECT.sub("", bare)):
        if found := _TARGETS.get(plain_name(said)):
            return found
    return None


def _bare(name: str) -> str:
    """The name without what a CRM adds: "(converted)", "__c", "Opportunity: "."""
    bare = re.sub(r"__c$", "", re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", name.strip()))
    return re.sub(r"^(?:opportunity|deal)\s*:\s*", "", bare, flags=re.IGNORECASE)


def _column(name: str, names: Sequence[str]) -> str:
    found = next((n for n in names if n == name), None) or next(
        (n for n in names if plain_name(n) == plain_name(name)), None
    )
    if found is None:
        raise PipelineError(f'No column is called "{name}"; the columns are {", ".join(names)}.')
    return found


def _field(name: str, wish: str) -> Field | None:
    if plain_name(wish) in {"", "nothing"}:
        return None
    found = next((field for field in Field if plain_name(wish) in {plain_name(field), plain_name(field.label)}), None)
    if found is None:
        raise PipelineError(f'{name} is to be "{wish}", which no deal has; write one of {", ".join(Field)}, nothing.')
    return found
