"""Forms for the tests of this room."""

import tomllib
from pathlib import Path

from forms import load
from forms.model import Choice, Form, Text

EVERY_KIND = """
[form]
name = "sample"
title = { az = "Nümunə", ru = "Пример", en = "Sample" }

[[question]]
key = "agree"
kind = "consent"
text = { az = "Razısınız?", ru = "Вы согласны?", en = "Do you agree?" }
label = { az = "Razılıq" }
[[question.choice]]
key = "yes"
label = { az = "Bəli, razıyam", ru = "Да, согласна", en = "Yes, I agree" }
[[question.choice]]
key = "no"
label = { az = "Xeyr", ru = "Нет", en = "No" }

[[question]]
key = "name"
kind = "text"
max_length = 20
text = { az = "Adınız?" }
label = { az = "Ad", ru = "Имя" }

[[question]]
key = "district"
kind = "choice"
text = { az = "Haradansınız?" }
label = { az = "Rayon" }
[[question.choice]]
key = "lankaran"
label = { az = "Lənkəran", ru = "Лянкяран", en = "Lankaran" }
[[question.choice]]
key = "quba"
label = { az = "Quba", ru = "Куба", en = "Guba" }
[[question.choice]]
key = "qubadli"
label = { az = "Qubadlı" }
[[question.choice]]
key = "zaqatala"
label = { az = "Zaqatala", ru = "Загатала" }

[[question]]
key = "useful"
kind = "scale"
text = { az = "Faydalı oldu?" }
label = { az = "Fayda" }
lowest = { az = "heç" }
highest = { az = "çox", en = "very" }

[[question]]
key = "story"
kind = "text"
required = false
multiline = true
text = { az = "Danışın." }
label = { az = "Söz" }

[[question]]
key = "phone"
kind = "contact"
required = false
text = { az = "Telefon?" }
label = { az = "Telefon" }
"""

FORM = load.load(EVERY_KIND)
REGIONS = [
    Choice("lankaran", Text("Lənkəran", "Лянкяран", "Lankaran")),
    Choice("quba", Text("Quba", "Куба", "Guba")),
    Choice("zaqatala", Text("Zaqatala", "Загатала", "Zagatala")),
]


PROGRAMME = tomllib.loads((Path(__file__).parents[2] / "programme.example.toml").read_text("utf-8"))["programme"]
ORGANISER = Text(**PROGRAMME["organiser"])


def filled(name: str) -> Form:
    """Return a shipped form as the programme fills it in."""
    return load.shipped(name).with_choices("regions", REGIONS).with_values(organiser=ORGANISER, days="180")
