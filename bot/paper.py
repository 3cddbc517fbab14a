"""The consent on paper: the words of the registration as a page to print, tick and sign. It carries the same hash."""

import base64
import hashlib
from html import escape

from bot.api import Upload
from bot.texts import Texts
from forms import load, phones
from forms.model import Form, Question
from storage import programme, sheets
from storage.database import Database

RECIPE = "paper"
PARTS = ("consent", "permissions")  # questions of the registration that a woman agrees to
STYLE = """
@page { size: A4; margin: 16mm 18mm }
body { font: 11pt/1.4 "DejaVu Sans", Arial, sans-serif; color: #000; max-width: 174mm; margin: 0 auto }
h1 { font-size: 15pt; margin: 0 0 3mm } p { margin: 0 0 3mm; white-space: pre-line }
ul { list-style: none; margin: 0 0 5mm; padding: 0 } li { margin: 0 0 2mm } li::before { content: "\\2610\\00a0\\00a0" }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 7mm 4mm; margin: 9mm 0 0 }
dd { border-bottom: 1px solid #000; margin: 0 } footer { margin: 7mm 0 0; font-size: 8pt; overflow-wrap: anywhere }
"""
# Nothing is loaded and nothing runs: the page is only its words and this style.
POLICY = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"


def recipe(language: str, digest: str) -> str:
    """Return the recipe of the page in a language, with the words of the definition of that hash."""
    return f"{RECIPE}:{language}:{digest}"


async def make(recipe: str, database: Database, texts: Texts, zone: str) -> Upload:
    """Make the page of a recipe. Raises LookupError where no definition has its hash."""
    _, language, digest = recipe.split(":")
    async with database.reading() as tx:
        form = load.from_json(await sheets.definition(tx, digest))
        regions = await programme.regions(tx)
        names = [(await programme.words(tx, f"region:{region.id}", language)).get("name", "") for region in regions]
    phones = [
        f"{name} {phones.shown(region.contact)}" for name, region in zip(names, regions, strict=True) if region.contact
    ]
    calls = f"{texts.plain(language, 'paper.call')} {', '.join(phones)}" if phones else ""
    words = {name: texts.plain(language, f"paper.{name}") for name in ("name", "date", "signature", "version")}
    content = page(form, language, digest, words, calls)
    return Upload("document", f"{texts.plain(language, 'paper.file')}-{digest[:8]}.html", content.encode())


def page(form: Form, language: str, digest: str, words: dict[str, str], calls: str) -> str:
    """Return the page as HTML: what is agreed to, a box for each purpose, none ticked, and room for name and hand."""
    asked = [question for key in PARTS if (question := form.question(key))]
    title = escape(asked[0].label.said(language))
    body = "\n".join(_part(question, language) for question in asked)
    lines = "\n".join(f"<dt>{escape(words[name])}</dt><dd></dd>" for name in ("name", "date", "signature"))
    return f"""<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title>
<style>{STYLE}</style>
<h1>{title}</h1>
{body}
<p>{escape(calls)}</p>
<dl>
{lines}
</dl>
<footer>{escape(words["version"])} {digest[:8]} ({digest})</footer>
</html>
"""


def _part(question: Question, language: str) -> str:
    boxes = "\n".join(f"<li>{escape(choice.label.said(language))}</li>" for choice in question.choices)
    return f"<p>{escape(question.text.said(language))}</p>\n<ul>\n{boxes}\n</ul>"
