"""A sheet of A4 paper as PDF: the one place that knows how a page is drawn."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from fpdf import FPDF

_FONTS = ("", "Roboto-Regular.ttf"), ("B", "Roboto-Bold.ttf"), ("I", "Roboto-Italic.ttf")


class Paper(FPDF):
    """A sheet that says words in our font, one under the other; the same words give the same bytes."""

    def __init__(self, title: str, made_at: datetime, scale: float = 1.0) -> None:
        super().__init__(format="A4")
        self._scale = scale
        self.set_creation_date(made_at)
        self.set_title(title)
        self.set_lang("en")
        self.set_margins(18, 16, 18)
        self.set_auto_page_break(True, 18)
        for style, name in _FONTS:
            self.add_font("Roboto", style, str(files("font_roboto").joinpath("files", name)))
        self.add_page()

    def say(self, words: str, size: float, style: str = "", grey: int = 0) -> None:
        """Words over the width of the page, as many lines as they need."""
        size *= self._scale
        self.set_font("Roboto", style, size)
        self.set_text_color(grey)
        self.multi_cell(0, size * 0.5, words, align="L", new_x="LMARGIN", new_y="NEXT")

    def line_of(self, name: str, words: str, size: float = 10.5, style: str = "", width: float = 30) -> None:
        """Words with what they are called in small letters to their left."""
        self.set_font("Roboto", "", (size - 1.5) * self._scale)
        self.set_text_color(90)
        self.cell(width, size * 0.5 * self._scale, name)
        at, self.l_margin = self.l_margin, self.get_x()
        self.say(words, size, style)
        self.l_margin = at
        self.set_x(at)

    def gap(self, height: float) -> None:
        """Some room."""
        self.ln(height * self._scale)

    def rule(self) -> None:
        """A line to write on."""
        self.gap(7)
        self.set_draw_color(150)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-13)
        self.set_font("Roboto", "", 8)
        self.set_text_color(120)
        self.cell(0, 5, f"{self.page_no()}", align="C")
