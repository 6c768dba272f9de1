"""The pipeline somebody brought, and how far they are with it; it lives in their session and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from library.pipeline.situations import PipelineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from library.exchange.tables import Table
    from library.pipeline.deals import Pipeline
    from library.pipeline.fields import Field
    from library.pipeline.run import Run


@dataclass(eq=False)
class Reviewed:
    """A file of deals in somebody's hands; it changes in place, so that a second click finds what the first did."""

    name: str
    key: str
    table: Table
    columns: list[str] = field(default_factory=list)
    taken: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    pipeline: Pipeline | None = None
    trouble: str = ""
    """Why there is no pipeline yet, in a sentence."""
    closed: bool = False
    run: Run | None = None
    open: int = -1
    """The row of the deal that is looked at."""
    moves: int = 0
    """How often another deal was opened by a button: the table then shows it from anew."""

    def with_closed(self) -> None:
        """Match the deals that are closed too."""
        self.closed, self.run = True, None

    def understand(self, asked: Mapping[str, str] | None = None) -> None:
        """Read the deals, with what somebody said of the columns; what was found before is forgotten."""
        from library.pipeline.deals import columns_in, read_deals  # noqa: PLC0415 - only where a file is brought
        from library.pipeline.fields import columns_of  # noqa: PLC0415

        self.pipeline, self.run, self.trouble, self.open = None, None, "", -1
        self.columns = columns_in(self.table)
        self.taken = columns_of(self.columns, asked).taken
        try:
            self.pipeline = read_deals(self.name, self.table, asked)
        except PipelineError as error:
            self.trouble = str(error)
