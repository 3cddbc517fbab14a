"""300 names, and what must become of each: kept as it is, cleaned, or refused. Written down by hand.

All people are invented. A name is the answer to the registration's question for one: at most 80 characters, a letter.
"""

import re


def listed(block: str) -> list[str]:
    """Return the names of a block; a line or a bar ends each."""
    return [name for name in re.split(r"[|\n]", block) if name]


AZERBAIJANI = listed("""
Aygün|Əli qızı Aygün|Səbinə Nümunəli|Çinarə|Gülşən|Ülviyyə|Xədicə|Zəhra|Fidan|Könül|Nərgiz|Şəhla|Ruhəngiz|İlhamə
Irəvan qızı|İlahə İsmayılzadə|ILAHƏ|işıq|ışıq|İŞIQ|IŞIQ|Ğumral|ğ ı ə ö ü ş ç|Ə Ğ I İ Ö Ü Ş Ç|Jalə|Lalə|Mələk Q.
Nigar-Xanım|Aytən O'Qızı|Aytən O’Qızı|Tahirə (Təranə)|Validə, anası|Ayişə “Gül”|Ofeliya & Qızı|Nazilə/Nazlı|S. S. Nümunə
Qönçə Həmidə|Vəfa xanım|Yeganə Əliyar qızı|Bəyim Böyükağa qızı|Xuraman ana|Mahirə nənə|əntiqə|dürdanə|gülbahar|Pəri
Sara A|Ə|ı|i|İ|Günay 2|Aysel 1987|Tərlan – Tərlan|Roza — Roza|Sevil…|Bircə: Bircə|Hər kəs!|Kim?|Nə #1
50% Aytac|Əsmər+Əsmər|Abbasəliyevaqızımhəmmədova|a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z
A B C Ç D E Ə F G Ğ H X I İ J K Q L M N O Ö P R S Ş T U Ü V Y Z
""")

CYRILLIC = listed("""
Айгюн|Наталья|Ёлка|Щукина Юлия|Подъячева|Объедкова Ы.|Эльмира-ханум|Мэри О’Нил|ИРИНА|ирина|Йод Йодовна|Цыганова Ц.
Ән Җәмилә|Әли гызы Ајҝүн|Ғумрал|Ҹамилә|Һәҹәр|Өмүр|Үлвијјә|Ҝүлшән|Ј|Зəhра|Ольга Ивановна (Оля)|Анна №7|Жаннá|Їжак|Ґанна
Ѓорѓи|Љиљана|Ўткір|Қыз|Ңгуен|Ұлжан|Һава
""")

ELSEWHERE = listed("""
ნინო|Անահիտ|فاطمه|عائشة|מרים|Ελένη|好|美玲|さくら|지은|लक्ष्मी|สมหญิง|Ngọc Ánh|Þóra|Łucja|Đặng|Søren|Ñusta|ẞ|ﬁona|Ⅳa
Dž|ǅ|ʻIolana|Ægir|İ̇|ŉa|K|Å|Ω|𝐀𝐲𝐠ü𝐧|𝓝𝓲𝓰𝓪𝓻|Ａｙｇüｎ|ᴬʸᵍüⁿ|ñ|á̂|ệ
""")

NAUGHTY = listed("""
<b>Aygün</b>|<script>alert(1)</script>|<a href="tg://user?id=1">Aygün</a>
&lt;b&gt;|&amp;amp;|a < b > c|</b></i>
<tg-spoiler>a|"onmouseover=alert(1) a"|javascript:alert(1)|'; DROP TABLE people;--|Robert'); DROP TABLE people;
" OR ""="
1 OR 1=1|admin'--|=HYPERLINK("http://example.org","a")
+SUM(A1)|-2+3a|@SUM(A1)|=cmd|' /C calc'!A0|{name}|{}a|{name.__class__}
%s %n %x|$a|${a}|`a`|*a*|_a_|[a](b)|~a~|>a|#a|/start|/export a|@istirak_bot|https://example.org/a|tel:a|../../etc/passwd|C:\\a|null|None
nil
undefined|NaN|true|0a|1e5a|0x1a|\\n a|\\u0041|%00a|a;b,c
CON|LPT1|Infinity|INF|a' OR 'a|☃ a|👩🏽‍🌾 Aygün|Aygün 🌸
👩‍👩‍👧 ailə|🇦🇿 Lalə|😀😀😀 a|a\u200db|a\u200cb|ﷺ|Ａ|a\ufe0f|Z\u0351\u0352a
¯\\_(ツ)_/¯|(╯°□°)a|¿a?|¡a!|™a|©a|½a|a²|①a|٣a|a\u0378
""")

HOMOGLYPHS = [  # looks like a name of another woman: kept as it is, for names open nothing; searching takes them as one
    ("Аygün", "Aygün"),
    ("Aуgün", "Aygün"),
    ("Lаlə", "Lalə"),
    ("Нərgiz", "Hərgiz"),
    ("Ѕara", "Sara"),
    ("Pərі", "Pəri"),
    ("Mələк", "Mələk"),
    ("Тəranə", "Təranə"),
    ("Оfeliya", "Ofeliya"),
    ("Ruhəngiż", "Ruhəngiz"),
]

CLEANED = {
    "  Aygün  ": "Aygün",
    "Aygün\n": "Aygün",
    "Aygün\nQuliyeva": "Aygün Quliyeva",
    "Aygün\r\nQuliyeva": "Aygün Quliyeva",
    "Aygün\t\tQuliyeva": "Aygün Quliyeva",
    "Aygün\u2028Quliyeva": "Aygün Quliyeva",
    "Aygün\u2029Quliyeva": "Aygün Quliyeva",
    "Aygün\u00a0Quliyeva": "Aygün Quliyeva",
    "Aygün\u3000Quliyeva": "Aygün Quliyeva",
    "Aygün\u2003Quliyeva": "Aygün Quliyeva",
    "Aygün\u0085Quliyeva": "AygünQuliyeva",
    "Ay\u0000gün": "Aygün",
    "Ay\u0007gün": "Aygün",
    "Ay\u001b[31mgün": "Ay[31mgün",
    "Ay\u007fgün": "Aygün",
    "Ay\u009fgün": "Aygün",
    "Ay\u00adgün": "Aygün",
    "Ay\u061cgün": "Aygün",
    "Ay\u180egün": "Aygün",
    "Ay\u200bgün": "Aygün",
    "Ay\u200egün": "Aygün",
    "Ay\u200fgün": "Aygün",
    "\u202aAygün\u202c": "Aygün",
    "\u202bAygün\u202c": "Aygün",
    "\u202dAygün\u202c": "Aygün",
    "\u202eAygün\u202c": "Aygün",
    "Aygün \u202enügyA": "Aygün nügyA",
    "\u2060Aygün": "Aygün",
    "Ay\u2061g\u2062ü\u2063n\u2064": "Aygün",
    "\u2066Aygün\u2069": "Aygün",
    "\u2067Aygün\u2069": "Aygün",
    "\u2068Aygün\u2069": "Aygün",
    "Aygün\u2069\u2069\u2069": "Aygün",
    "Ay\u206a\u206fgün": "Aygün",
    "Ay\u034fgün": "Aygün",
    "Aygün\u00a0": "Aygün",
    "a\tb": "a b",
    "e\u0301\u0302x": "é\u0302x",
    "\ufeffAygün": "Aygün",
    "Ay\ufff9g\ufffaü\ufffbn": "Aygün",
    "Ay\U000e0001gün": "Aygün",
    "Aygün\U000e0041\U000e007f": "Aygün",
    "Ay\ud83dgün": "Aygün",
    "Aygün\u3164": "Aygün",
    "\u115fAygün\u1160": "Aygün",
    "\uffa0Aygün": "Aygün",
    "Gu\u0308lnar": "Gülnar",
    "I\u0307lahə": "İlahə",
    "S\u0327əhla": "Şəhla",
    "C\u0327inarə": "Çinarə",
    "G\u0306umral": "Ğumral",
    "O\u0308mu\u0308r": "Ömür",
    "И\u0306од": "Йод",
    "Е\u0308лка": "Ёлка",
    "A\u030a": "Å",
    "Z" + "\u0351" * 50 + "algo": "Z\u0351\u0351algo",
    "A" + "\u0336" * 3 + "y": "A\u0336\u0336y",
    "".join(
        sign + "\u0335\u0336\u0337\u0338" for sign in "Aygün"
    ): "A\u0335\u0336y\u0335\u0336g\u0335\u0336ü\u0335\u0336n\u0335\u0336",
    "e\u0301\u0302\u0303\u0304x": "é\u0302\u0303x",
}

REFUSED = [
    *(
        "",
        " ",
        "   ",
        "\n",
        "\t",
        "\u00a0",
        "\u200b",
        "\u200b\u200b",
        "\u200d",
        "\u200c\u200d",
        "\u2060",
        "\ufeff",
        "\u3164",
    ),
    *(
        "\u115f\u1160",
        "\uffa0",
        "\u2800",
        "\u180e",
        "\u00ad",
        "\u202e",
        "\u2066\u2069",
        "\x00",
        "\x00\x00",
        "\x1b",
        "\ud83d",
    ),
    *("\U000e0041\U000e007f", "\u0301", "\u0301\u0302\u0303", "\u034f", "\ufe0f", "."),
    *(
        "...",
        "-",
        "—",
        "'",
        '"',
        "_",
        "?",
        "!?",
        "()",
        "<>",
        "&",
        "{}",
        "%",
        "=",
        "{0}",
        "=1+1",
        "+994501234567",
        "12345",
        "0",
        "-1",
        "1,5",
    ),
    *(
        "٣",
        "１２３",
        "½",
        "²",
        "①",
        "🌸",
        "🌸🌸",
        "👩🏽‍🌾",
        "❤️",
        "🇦🇿",
        "☃",
        "😀😀😀",
        "™",
        "©",
        "№",
        "→",
        "∞",
        "≠",
        "₼",
        "\ue000",
        "\u0378",
    ),
    *("a" * 81, "Ə" * 81, "Aygün " * 14, "a" * 4096, "🌸" * 80 + "a", "İ" * 81),
]
