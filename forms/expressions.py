"""Expressions in forms: a small part of XPath as ODK's forms have it, read once and made into closures. No eval.

    ${name}  .  'words'  12,5 as 12.5  and or  = != < <= > >=  + - * div mod  ( )  and the functions of `functions.py`

An answer that was skipped, or whose question is not asked, is the empty string; of one choice its key, of several
their keys with a space between them. A date is 'YYYY-MM-DD', and where a number is needed the days since 1970.
A number that cannot be had is no number: compared with anything it is neither equal, nor less, nor more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from forms import faults, functions
from forms.functions import Result, Run, Scene, number, truth
from forms.model import Value

LONGEST = 500  # characters
DEEPEST = 15  # brackets within brackets
MOST_PARTS = 120  # words, signs and values: what is longer is easier to read as two calculations

_TOKEN = re.compile(
    r"""\s*(?P<at>)(?:(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(?P<words>'[^']*'|"[^"]*")|\$\{\s*(?P<name>[^}]*?)\s*\}"""
    r"""|(?P<word>[A-Za-z_]\w*(?:-[A-Za-z_]\w*)*)|(?P<sign>!=|<=|>=|[-<>=+*(),.])|(?P<end>$)|(?P<other>.))""",
    re.DOTALL,
)
# What people write who know other languages, and what stands for it here.
_SLIPS = {"==": "=", "&&": "and", "||": "or", "<>": "!=", "!": "not( )", "/": "div", "%": "mod", "&": "and", "|": "or"}
_QUOTES = "'\"‘’“”«»„"


class Misread(ValueError):
    """An expression that cannot be read, with a sentence that says where and why."""


class Token(NamedTuple):
    """One part of an expression: 'number', 'words', 'name', 'word', 'sign' or 'end', and where it stands, from 1."""

    kind: str
    text: str
    at: int


class Part(NamedTuple):
    """What has been read of an expression: how it runs, and what it is if it is one ${name} or one literal."""

    run: Run
    name: str = ""
    words: str | None = None
    at: int = 0


@dataclass(frozen=True)
class Expression:
    """An expression that was read. Called with a scene, it returns a string, a number or true or false."""

    text: str
    run: Run = field(repr=False, compare=False)
    names: tuple[Token, ...] = ()  # each ${name} in it
    keys: tuple[tuple[str, Token], ...] = ()  # a ${name} and the words it is compared with: the key of a choice?
    is_own: bool = False  # it says `.`, the value of its own question

    def __call__(self, values: Mapping[str, Value | bool], own: Value = None, today: str = "") -> Result:
        """Return its value where `values` are known, `own` is the answer in hand, and `today` the ISO date."""
        return self.run(Scene(values, own, today))


@lru_cache(maxsize=512)
def read(text: str) -> Expression:
    """Return the expression; raise `Misread` where it is none. Names are not looked up: see `Expression.names`."""
    return _Reader(text).read()


def holds(text: str, values: Mapping[str, Value | bool], own: Value = None, today: str = "") -> bool:
    """Tell whether an expression is true."""
    return truth(read(text)(values, own, today))


def _tokens(text: str) -> list[Token]:
    if len(text) > LONGEST:
        raise Misread(f"The expression has {len(text)} characters; allowed: at most {LONGEST}.")
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        tokens.append(Token(kind, found[kind], found.start("at") + 1))
        if kind == "other":
            raise Misread(_slip(text, tokens[-1]))
    for one, other in pairwise(tokens):
        if _joined(one, other) in _SLIPS:
            raise Misread(_slip(text, one))
    if len(tokens) > MOST_PARTS:
        raise Misread(
            f"The expression has {len(tokens)} parts; allowed: at most {MOST_PARTS}. Use [form.calculations]."
        )
    return tokens


def _joined(one: Token, other: Token) -> str:
    return one.text + other.text if one.kind == other.kind == "sign" and one.at + 1 == other.at else ""


def _slip(text: str, token: Token) -> str:
    at = token.at - 1
    found = next((text[at:end] for end in (at + 2, at + 1) if text[at:end] in _SLIPS), text[at])
    if found in _SLIPS:
        return f"At character {token.at}: '{found}' is not known here. Write '{_SLIPS[found]}'."
    if found == "$":
        return f"At character {token.at}: write a name as ${{name}}, with both brackets."
    if found in _QUOTES:
        return f"At character {token.at}: write words between two straight quotation marks, such as 'yes'."
    return f"At character {token.at}: '{found}' is not known here."


_COMPARED = {
    "=": functions.equal,
    "!=": lambda a, b: not functions.equal(a, b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
}
_RECKONED: dict[str, Callable[[Result, Result], Result]] = {
    "+": lambda a, b: number(a) + number(b),
    "-": lambda a, b: number(a) - number(b),
    "*": lambda a, b: number(a) * number(b),
    "div": lambda a, b: functions.quotient(number(a), number(b)),
    "mod": lambda a, b: functions.remainder(number(a), number(b)),
}
# From the loosest to the tightest.
_LEVELS: Sequence[Mapping[str, Callable[[Result, Result], Result]]] = (
    {name: _COMPARED[name] for name in ("=", "!=")},
    {name: _COMPARED[name] for name in ("<", "<=", ">", ">=")},
    {name: _RECKONED[name] for name in ("+", "-")},
    {name: _RECKONED[name] for name in ("*", "div", "mod")},
)
_WORDS = ("and", "or", "div", "mod")


class _Reader:
    """Reads one expression from left to right, one function for each level of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.place = self.depth = 0
        self.names: list[Token] = []
        self.keys: list[tuple[str, Token]] = []
        self.is_own = False

    def read(self) -> Expression:
        part = self._or()
        if self.next.text == ")" and self.next.kind == "sign":
            raise self._wrong("this ')' closes nothing")
        if self.next.kind != "end":
            raise self._wrong(f"'{self.next.text}' cannot stand after a value. Join them by and, or, = or another sign")
        return Expression(self.text, part.run, tuple(self.names), tuple(self.keys), self.is_own)

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def _taken(self, *texts: str) -> Token | None:
        token = self.next
        if token.text not in texts or token.kind not in ("sign", "word"):
            return None
        self.place += 1
        return token

    def _wrong(self, what: str, token: Token | None = None) -> Misread:
        return Misread(f"At character {(token or self.next).at}: {what}.")

    def _or(self) -> Part:
        part = self._and()
        while self._taken("or"):
            part = Part(_either(part.run, self._and().run))
        return part

    def _and(self) -> Part:
        part = self._level(0)
        while self._taken("and"):
            part = Part(_both(part.run, self._level(0).run))
        return part

    def _level(self, level: int) -> Part:
        if level == len(_LEVELS):
            return self._minus()
        part = self._level(level + 1)
        while sign := self._taken(*_LEVELS[level]):
            other = self._level(level + 1)
            if sign.text in ("=", "!="):
                self._note_key(part, other)
                self._note_key(other, part)
            part = Part(_joining(_LEVELS[level][sign.text], part.run, other.run))
        return part

    def _minus(self) -> Part:
        minuses = 0
        while self._taken("-"):
            minuses += 1
        part = self._value()
        return Part(_negative(part.run, minuses)) if minuses else part

    def _value(self) -> Part:
        token = self.next
        self.place += 1
        if token.kind == "number":
            return Part(_constant(float(token.text)))
        if token.kind == "words":
            return Part(_constant(token.text[1:-1]), words=token.text[1:-1], at=token.at + 1)
        if token.kind == "name":
            self.names.append(token)
            return Part(lambda scene: scene.value(token.text), name=token.text)
        if token.text == "." and token.kind == "sign":
            self.is_own = True
            return Part(lambda scene: functions.plain(scene.own))
        if token.text == "(":
            return Part(self._bracket(token)[0].run)
        if token.kind == "word" and token.text not in _WORDS:
            return self._call(token)
        self.place -= 1
        found = f"found '{token.text}'" if token.text else "the expression ends here"
        raise self._wrong(f"a value is missing, such as ${{name}}, 'yes' or 5; {found}")

    def _bracket(self, opened: Token) -> list[Part]:
        """Return the parts between commas, up to the closing bracket; the opening one has been taken."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(f"more than {DEEPEST} brackets within brackets", opened)
        parts = []
        if not self._taken(")"):
            parts.append(self._or())
            while self._taken(","):
                parts.append(self._or())
            if not self._taken(")"):
                raise self._wrong(f"a ')' is missing for the '(' at character {opened.at}")
        self.depth -= 1
        return parts

    def _call(self, word: Token) -> Part:
        function = functions.FUNCTIONS.get(word.text)
        if function is None:
            hint = f" A name is written ${{{word.text}}}." if self.next.text != "(" else ""
            raise Misread(f"At character {word.at}: {faults.unknown(word.text, functions.FUNCTIONS)}{hint}")
        opened = self._taken("(")
        if not opened:
            raise self._wrong(f"a '(' is missing after '{word.text}'")
        parts = self._bracket(opened)
        if not function.least <= len(parts) <= function.most:
            raise self._wrong(f"{word.text} takes {function.takes}, not {len(parts)}", word)
        if word.text == "selected":
            self._note_key(*parts)
        try:
            return Part(function.made([part.run for part in parts], [part.words for part in parts]))
        except ValueError as error:
            raise Misread(f"At character {word.at}: {error}") from None

    def _note_key(self, part: Part, other: Part) -> None:
        if part.name and other.words:
            self.keys.append((part.name, Token("words", other.words, other.at)))


def _constant(value: Result) -> Run:
    return lambda scene: value


def _either(one: Run, other: Run) -> Run:
    return lambda scene: truth(one(scene)) or truth(other(scene))


def _both(one: Run, other: Run) -> Run:
    return lambda scene: truth(one(scene)) and truth(other(scene))


def _joining(reckon: Callable[[Result, Result], Result], one: Run, other: Run) -> Run:
    return lambda scene: reckon(one(scene), other(scene))


def _negative(one: Run, minuses: int) -> Run:
    return lambda scene: number(one(scene)) * (-1) ** minuses
