"""Names in every dress somebody may write them in, and a look for them that shares no code with the masking."""

import html
import re
import unicodedata
import urllib.parse
from collections.abc import Callable

from library.story import Story

SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"}
PLAIN = {"ø": "o", "å": "a", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae"}
ALIKE = str.maketrans("aeopcxAEOPCX", "аеорсхАЕОРСХ")  # Cyrillic letters that look Latin


def stripped(name: str) -> str:
    marked = unicodedata.normalize("NFKD", "".join(PLAIN.get(letter, letter) for letter in name))
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def spelled(name: str) -> str:
    return stripped("".join(SPELLED.get(letter, letter) for letter in name))


def run(name: str) -> str:
    return re.sub(r"[\W_]+", "", stripped(name))


def inside(name: str, what: str) -> str:
    """The name with something after the third letter of each word."""
    return " ".join(word[:3] + what + word[3:] for word in name.split())


def between(what: str) -> Callable[[str], str]:
    return lambda name: what.join(name.split())


def wide(name: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in stripped(name))


def kebab(name: str) -> str:
    return "-".join(re.findall(r"\w+", stripped(name))).lower()


def camel(name: str) -> str:
    words = re.findall(r"\w+", stripped(name))
    return words[0].lower() + "".join(word.capitalize() for word in words[1:])


DRESSES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "upper": str.upper,
    "lower": str.lower,
    "swapped case": str.swapcase,
    "possessive": lambda n: f"{n}'s",
    "curly possessive": lambda n: f"{n}’s",
    "bare possessive": lambda n: f"{n}s'",
    "plural": lambda n: f"{n}s",
    "hyphen": between("-"),
    "underscore": between("_"),
    "full stop between": between("."),
    "slash": between("/"),
    "dash": between(" – "),
    "line break": between("\n"),
    "line break and indent": between("\n    "),
    "tab": between("\t"),
    "several spaces": between("   "),
    "no-break space": between("\u00a0"),
    "thin space": between("\u2009"),
    "zero-width between": between("\u200b"),
    "zero-width inside": lambda n: inside(n, "\u200b"),
    "word joiner inside": lambda n: inside(n, "\u2060"),
    "byte order mark inside": lambda n: inside(n, "\ufeff"),
    "soft hyphen inside": lambda n: inside(n, "\u00ad"),
    "filler inside": lambda n: inside(n, "\u3164"),
    "broken at a line's end": lambda n: inside(n, "-\n"),
    "accents stripped": stripped,
    "accents spelled out": spelled,
    "accents apart": lambda n: unicodedata.normalize("NFD", n),
    "accents lost": lambda n: n.encode("ascii", "replace").decode(),
    "wrong encoding": lambda n: n.encode().decode("cp1252", "replace"),
    "full width": wide,
    "letters that look alike": lambda n: n.translate(ALIKE),
    "entity ampersand": lambda n: n.replace("&", "&amp;"),
    "entities": lambda n: "".join(f"&#{ord(c)};" if ord(c) > 126 or c == "&" else c for c in n),
    "no-break entity": between("&nbsp;"),
    "percent": urllib.parse.quote,
    "percent plus": urllib.parse.quote_plus,
    "run together": lambda n: run(n).lower(),
    "domain": lambda n: f"{run(n).lower()}.com",
    "domain with hyphens": lambda n: f"www.{kebab(n)}.co.uk",
    "address": lambda n: f"https://www.{run(n).lower()}.example/press/2026",
    "sub domain": lambda n: f"careers.{run(n).lower()}.org",
    "longer domain": lambda n: f"my{run(n).lower()}shop.com",
    "spelled domain": lambda n: f"{run(spelled(n)).lower()}.de",
    "mail": lambda n: f"post@{run(n).lower()}.com",
    "mail to": lambda n: f"<mailto:{run(n).lower()}@mail.example>",
    "hashtag": lambda n: f"#{run(n)}",
    "handle": lambda n: f"@{run(n).lower()}_official",
    "camel case": camel,
    "snake case": lambda n: "_".join(re.findall(r"\w+", stripped(n))).lower(),
    "straight quotes": lambda n: f'"{n}"',
    "curly quotes": lambda n: f"“{n}”",
    "guillemets": lambda n: f"«{n}»",
    "brackets": lambda n: f"({n})",
    "square brackets": lambda n: f"[{n}]",
    "bold": lambda n: f"**{n}**",
    "half bold": lambda n: f"**{n.split()[0]}** {' '.join(n.split()[1:])}",
    "each in italics": lambda n: " ".join(f"_{word}_" for word in n.split()),
    "code": lambda n: f"`{n}`",
    "with an article": lambda n: f"the {n}",
    "ex": lambda n: f"ex-{n}",
    "owned": lambda n: f"{n}-owned",
    "and": lambda n: n.replace("&", "and"),
    "plus": lambda n: n.replace("&", "+"),
    "slash after": lambda n: f"{n}/HQ",
    "comma before": lambda n: f"x,{n}",
}
"""What may be done to any name."""


def initials(name: str) -> list[str]:
    letters = [stripped(word)[0].upper() for word in re.findall(r"\w+", name)]
    if len(letters) < 2:
        return []
    return ["".join(letters), ".".join(letters) + ".", ". ".join(letters) + "."]


def company_variants(name: str, words: list[str]) -> dict[str, str]:
    """Every dress of a company's name, and of each word that gives it away alone."""
    made = {f"{dress}: whole": put_on(name) for dress, put_on in DRESSES.items()}
    for word in words:
        made |= {f"{dress}: {word}": put_on(word) for dress, put_on in DRESSES.items()}
        made |= {
            f"cut short: {word}": f"{word[:-2]}. &c",
            f"spaced: {word}": " ".join(word),
            f"by dots: {word}": ".".join(word),
        }
        made |= {f"numbered: {word}": f"{word}2", f"grown: {word}": f"{word}ian"}
    made |= {f"initials {number}": form for number, form in enumerate(initials(name))}
    return made


def person_variants(name: str) -> dict[str, str]:
    """Every dress of somebody's name, of either part, and how it stands in an address."""
    first, last = name.split(maxsplit=1)[0], name.rsplit(maxsplit=1)[-1]
    f, l_ = stripped(first), stripped(last)
    made = {f"{dress}: whole": put_on(name) for dress, put_on in DRESSES.items()}
    for part in (first, last):
        dresses = "as it is,upper,possessive,curly possessive,plural,hashtag,straight quotes,brackets,zero-width inside"
        made |= {f"{dress}: {part}": DRESSES[dress](part) for dress in dresses.split(",")}
    made |= {f"{title}": f"{title} {last}" for title in ("Mr", "Mrs.", "Ms", "Dr.", "Prof.", "Frau", "Herr", "Sr.")}
    made |= {
        "turned": f"{last}, {first}",
        "turned, no comma": f"{last} {first}",
        "initial": f"{f[0]}. {last}",
        "initial, no stop": f"{f[0]} {last}",
        "surname's initial": f"{first} {l_[0]}.",
        "middle initial": f"{first} M. {last}",
        "first.last": f"{f}.{l_}@x.example".lower(),
        "f.last": f"{f[0]}.{l_}@x.example".lower(),
        "flast": f"{f[0]}{l_}@x.example".lower(),
        "last.first": f"{l_}.{f}@x.example".lower(),
        "lastf": f"{l_}{f[0]}@x.example".lower(),
        "firstl": f"{f}{l_[0]}@x.example".lower(),
        "lastfirst": f"{l_}{f}".lower(),
        "first_last": f"@{f}_{l_}".lower(),
        "numbered": f"{f}{l_}77".lower(),
        **({"grown": f"{last}ian"} if len(last) > 5 else {}),
    }
    return made | {f"initials {number}": form for number, form in enumerate(initials(name))}


# --- the look for them ---------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A text with all its codes, marks and invisible letters gone, its words still apart."""
    text = html.unescape(html.unescape(text))
    text = urllib.parse.unquote(text.replace("%%", "% %"))
    back = str.maketrans("аеорсхАЕОРСХ", "aeopcxAEOPCX")
    text = stripped(text.translate(back))
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf" and letter not in "\u1160\u3164")


def squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", bare(text)).casefold()


def gives_away(text: str, names: list[str], short: list[str] = [], letters: list[str] = []) -> set[str]:  # noqa: B006
    """What of some names stands in a text: long ones in any dress, short ones as a word, initials as they are."""
    whole, words = squashed(text), bare(text)
    lost = re.sub(r"[?\ufffd]", "", words)
    found = {name for name in names for form in {squashed(name), squashed(spelled(name))} if form in whole}
    found |= {name for name in names if not name.isascii() and broken(name).search(lost + words)}
    for name in short:
        forms = "|".join(re.escape(form) for form in (stripped(name), stripped(name).upper()))
        found |= {name} if re.search(rf"(?<![^\W_])(?:{forms})(?:'?s)?(?![^\W_])", words) else set()
    apart = {name: r"[. ]{0,2}".join(map(re.escape, name)) for name in letters}
    found |= {name for name, form in apart.items() if re.search(rf"(?<![^\W_]){form}(?![^\W_])", words)}
    return found


def broken(name: str) -> re.Pattern[str]:
    """A name whose marked letters were lost on the way, or read in a wrong encoding."""
    form = "".join(re.escape(c) if c.isascii() else r"[\s\S]{0,4}" for c in name)
    return re.compile(form, re.IGNORECASE)


def telling_words(story: Story) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", story.customer) if len(word) > 5]
