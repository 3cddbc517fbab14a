"""The recovery key survives hands and paper: what is mistyped is found and named, what is right opens every backup."""

import re

import pytest

from storage import recovery
from storage.database import WrongKey

KEY = recovery.new_recovery_key()


def test_it_is_eight_groups_of_five_signs_that_cannot_be_mixed_up_and_never_the_same() -> None:
    keys = {recovery.new_recovery_key() for _ in range(50)}
    assert len(keys) == 50
    for key in keys:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}", key)
        assert len(recovery.derived(key)) == 32


def test_small_letters_spaces_and_look_alikes_are_read_as_meant() -> None:
    meant = recovery.derived(KEY)
    assert recovery.derived(KEY.lower().replace("-", " ")) == meant
    assert recovery.derived(KEY.replace("0", "O").replace("1", "l").replace("-", "")) == meant


@pytest.mark.parametrize("place", range(8))
def test_each_wrong_sign_is_found_and_its_group_named(place: int) -> None:
    groups = KEY.split("-")
    for at in range(recovery.GROUP_SIZE):
        for sign in set(recovery.ALPHABET) - {groups[place][at]}:
            wrong = groups[place][:at] + sign + groups[place][at + 1 :]
            with pytest.raises(recovery.Mistyped, match=f"Group {place + 1} of the recovery key, {wrong},"):
                recovery.derived("-".join([*groups[:place], wrong, *groups[place + 1 :]]))


def test_groups_in_another_order_are_found() -> None:
    groups = KEY.split("-")
    with pytest.raises(recovery.Mistyped, match="Group 1 "):
        recovery.derived("-".join([groups[1], groups[0], *groups[2:]]))


@pytest.mark.parametrize(
    "typed",
    ["", "A", KEY[:-1], KEY + "A", "ə" * 40],
    ids=["nothing", "a sign", "one less", "one more", "other letters"],
)
def test_too_little_too_much_or_something_else_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(recovery.Mistyped, match="recovery key"):
        recovery.derived(typed)


def test_a_wrapped_key_opens_with_what_wrapped_it_only() -> None:
    own, wrapping = bytes(range(32)), recovery.derived(KEY)
    wrapped = recovery.wrap(wrapping, own)
    assert recovery.unwrap(wrapping, wrapped) == own
    with pytest.raises(WrongKey):
        recovery.unwrap(recovery.derived(recovery.new_recovery_key()), wrapped)
