"""Who may do what: each route states the right it needs, each role has some rights."""

TALK = "talk"  # everyone, in a private chat
FIGURES = "figures"  # see numbers of the programme
EXPORT = "export"  # take the spreadsheet
WRITE = "write"  # write to a region
REPLY = "reply"  # answer what women passed on
ROSTER = "roster"  # bring in a roster of women
INVITE = "invite"  # give roles below one's own
OWN = "own"  # everything else

RIGHTS: dict[str | None, frozenset[str]] = {
    None: frozenset({TALK}),
    "monitor": frozenset({TALK, FIGURES}),
    "trainer": frozenset({TALK, FIGURES}),
    "organiser": frozenset({TALK, FIGURES, EXPORT, WRITE, REPLY, ROSTER, INVITE}),
    "owner": frozenset({TALK, FIGURES, EXPORT, WRITE, REPLY, ROSTER, INVITE, OWN}),
}
# Whom each role may invite.
INVITES: dict[str | None, tuple[str, ...]] = {
    "owner": ("organiser", "trainer", "monitor", "owner"),
    "organiser": ("trainer", "monitor"),
}


def allows(role: str | None, right: str) -> bool:
    """Tell whether the role has the right."""
    return right in RIGHTS[role]
