"""The rooms and who may knock where: imports run downward only, and each big part has one importer."""

import ast
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "library"

LEVELS = tuple(
    frozenset(level.split())
    for level in (
        "cues documents evaluation files keywords ordinary paper prompts settings store story thin turns vocabulary "
        "wishes "
        "wording pages.browser pipeline.talk practice.quantities records.entries records.tables "
        "review.commits",
        "asking encoder names tally capture.guide capture.notes checks.words coverage.week meeting.outcomes "
        "practice.hearing practice.order practice.rounding records.database records.proposed sharing.rights",
        "masking reading sizes tokens capture.propose checks.meter records.asks records.capture "
        "records.comments records.drafts records.mappings records.meetings records.practice records.proposals "
        "records.reviews records.tellings practice.reader practice.swaps",
        "answers patterns people shelf situation vectors checks.findings exchange.columns "
        "practice.details practice.measures records.records review.differences",
        "credit facets index likeness match saving capture.twins checks.form checks.substance coverage.care "
        "coverage.grid exchange.customers exchange.mapping exchange.placing exchange.tables meeting.picks "
        "pipeline.notes practice.judge practice.path review.workflow sharing.safe",
        "offered second_look verdicts checks.checks coverage.unmet exchange.exporting exchange.rows "
        "meeting.runsheet pages.charts "
        "practice.feedback review.merging sharing.callbrief sharing.feed",
        "search capture.form coverage.digest exchange.bundle exchange.importing exchange.twins "
        "practice.spacing review.reviewer sharing.documents",
        "calibration conversation coverage.capture exchange.arriving exchange.report pipeline.situations "
        "practice.quiz review.waiting",
        "calibrating library plain pipeline.fields",
        "commands.console pages.desk pipeline.deals",
        "commands.asking commands.capturing commands.checking commands.keeping commands.measuring "
        "commands.practising commands.sharing commands.team pages.follow pages.telling pipeline.answers",
        "pages.parts pipeline.run pipeline.table",
        "commands.matching pages.agenda pages.ask pages.brief pages.browse pages.columns pages.comments "
        "pages.credit pages.differing pages.hand pages.industry pages.leaving pages.permissions "
        "pages.reviewed pages.steps pages.timeline pages.words pages.writing",
        "pages.calls pages.care pages.changing pages.deal pages.from_table pages.from_zip pages.history "
        "pages.learn pages.placing pages.practise pages.quiz pages.review pages.run "
        "pages.sending pages.story pages.team pages.upkeep pages.voice pages.week",
        "pages.arrivals pages.change pages.deals pages.deciding pages.gaps pages.meeting pages.tasks pages.tell",
        "pages.exchange pages.look pages.pipeline pages.shelf",
    )
)
"""From the ground up; a module imports only from the levels below its own."""

PACKAGED = "capture checks commands coverage exchange meeting pages pipeline practice records review sharing"
PACKAGES = {f"{room}.__init__" for room in PACKAGED.split()}
TOP = {"app", "__main__", "__init__"} | PACKAGES
"""May import anything of ours; nobody imports them."""

ONE_IMPORTER = {
    "streamlit": {"app"} | {name for level in LEVELS for name in level if name.startswith("pages.")},
    "altair": {"pages.charts"},
    "chromadb": {"index"},
    "filelock": {"index"},
    "sentence_transformers": {"encoder"},
    "torch": {"encoder", "practice.reader", "thin"},
    "transformers": {"encoder"},
    "Stemmer": {"keywords"},
    "typer": {
        "commands.asking",
        "commands.capturing",
        "commands.checking",
        "commands.console",
        "commands.keeping",
        "commands.matching",
        "commands.measuring",
        "commands.practising",
        "commands.sharing",
        "commands.team",
    },
    "yaml": {"reading", "exchange.rows"},
    "pandas": {
        "exchange.tables",
        "exchange.exporting",
        "exchange.importing",
        "exchange.customers",
        "exchange.report",
    },
    "openpyxl": {"exchange.tables"},
    "pydantic_settings": {"settings"},
    "sqlite3": {"store", "index"},
    "sqlalchemy": {
        f"records.{room}"
        for room in (
            "asks capture comments database drafts mappings meetings practice proposals records reviews tables tellings"
        ).split()
    },
    "alembic": {"records.database"},
    "scipy": {"coverage.unmet", "keywords"},
    "fsrs": {"practice.spacing"},
    "fpdf": {"paper"},
    "icalendar": {"meeting.runsheet"},
    "docx": {"documents", "sharing.documents"},
    "pypdf": {"documents"},
    "webvtt": {"documents"},
}

MOST_LINES = 320
LONGER = {
    "reading.py": "each trap of YAML is closed beside the words that name it",
    "rows.py": "one row of somebody's table becomes one story; its steps are read together",
    "conversation.py": "the kinds of turn, each a method, share what is on the table",
    "search.py": "the only fusion code: scores, verdicts and evidence read the same vectors",
}

AT_THE_TOP = {
    *(".ci", ".git", ".gitignore", ".streamlit", "LICENSE", "Makefile", "README.md", "pyproject.toml"),
    *("requirements.txt", "app.py", "benchmarks", "docs", "library", "stories", "tests"),
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(LIBRARY if path.is_relative_to(LIBRARY) else ROOT).with_suffix("").parts)


MIGRATIONS = LIBRARY / "records" / "migrations"
"""Alembic's own scripts: it loads them by path, and none is imported."""
SOURCES = {
    name_of(path): path
    for path in [ROOT / "app.py", *sorted(LIBRARY.rglob("*.py"))]
    if not path.is_relative_to(MIGRATIONS)
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def imported(tree: ast.AST) -> set[str]:
    """Every module an import names, "from library.pages import desk" as library.pages.desk."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "an import is written from the root"
            one_by_one = {"library"} | {f"library.{room.removesuffix('.__init__')}" for room in PACKAGES}
            names |= {f"{node.module}.{a.name}" for a in node.names} if node.module in one_by_one else {node.module}
    return names


def is_import_of(node: ast.AST, package: str) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom) and package in {m.split(".")[0] for m in imported(node)}


def ours(name: str) -> set[str]:
    found = {module.removeprefix("library.") for module in imported(TREES[name]) if module.startswith("library")}
    return {f"{module}.__init__" if f"{module}.__init__" in SOURCES else module for module in found}


def level_of(name: str) -> int:
    return next((level for level, names in enumerate(LEVELS) if name in names), len(LEVELS) if name in TOP else -1)


@pytest.mark.parametrize("name", SOURCES)
def test_imports_run_downward_only(name):
    assert level_of(name) >= 0, f"{name} stands on no level; give it one in LEVELS"
    upward = {other for other in ours(name) if level_of(other) >= level_of(name)}
    assert not upward, f"{name} imports {', '.join(sorted(upward))}, which stand no lower"


def test_the_levels_name_only_what_is_there():
    assert set().union(*LEVELS) | TOP == set(SOURCES)


@pytest.mark.parametrize("package", ONE_IMPORTER)
def test_a_big_part_has_its_own_importer(package):
    importers = {n for n, tree in TREES.items() if any(m.split(".")[0] == package for m in imported(tree))}
    assert importers <= ONE_IMPORTER[package]


@pytest.mark.parametrize("package", ["sentence_transformers", "torch", "transformers"])
def test_the_model_is_imported_inside_a_function_only(package):
    functions = [node for node in ast.walk(TREES["encoder"]) if isinstance(node, ast.FunctionDef)]
    inside = [node for function in functions for node in ast.walk(function) if is_import_of(node, package)]
    anywhere = [node for node in ast.walk(TREES["encoder"]) if is_import_of(node, package)]
    assert anywhere
    assert len(anywhere) == len(inside)


def test_search_is_handed_its_encoder():
    assert "SentenceEncoder" not in SOURCES["search"].read_text(encoding="utf-8")


def test_the_library_loads_no_model_and_no_page_before_it_is_asked():
    code = (
        "import sys, library.library, library.people, library.shelf;"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'streamlit', 'pandas', 'sqlalchemy'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("name", SOURCES)
def test_every_file_says_in_its_first_line_what_it_is(name):
    docstring = ast.get_docstring(TREES[name])
    assert docstring
    assert docstring.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", sorted(name for name in SOURCES if not name.startswith("commands.")))
def test_only_the_command_line_prints(name):
    calls = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert not [node.lineno for node in calls if node.func.id in {"print", "input", "breakpoint"}]


@pytest.mark.parametrize("name", SOURCES)
def test_a_page_never_renders_html(name):
    text = SOURCES[name].read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text
    assert "st.html" not in text


@pytest.mark.parametrize("name", sorted({name for name in SOURCES if name.startswith("pages.")} - {"pages.ask"}))
def test_a_page_is_drawn_again_from_a_fragment_only(name):
    """Streamlit loses st.rerun where the open page looks for news just then."""
    functions = [node for node in ast.walk(TREES[name]) if isinstance(node, ast.FunctionDef)]
    fragments = {f.name for f in functions if any("st.fragment" in ast.unparse(d) for d in f.decorator_list)}
    inside = sum(ast.unparse(f).count("st.rerun(") for f in functions if f.name in fragments)
    assert ast.unparse(TREES[name]).count("st.rerun(") == inside


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_is_read_in_a_few_screens(name):
    lines = len(SOURCES[name].read_text(encoding="utf-8").splitlines())
    longer = SOURCES[name].name in LONGER
    assert (lines > MOST_LINES) is longer, f"{name} has {lines} lines; LONGER names those over {MOST_LINES}, and why"


def test_the_top_level_holds_only_what_a_newcomer_looks_for():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    there = {path.name for path in ROOT.iterdir() if not any(fnmatch(path.name, i.rstrip("/")) for i in ignored)}
    assert there <= AT_THE_TOP
