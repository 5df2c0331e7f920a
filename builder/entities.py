"""ISO countries + profiles -> the registry of entities, and who is meant by an id."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING
from unicodedata import category

from builder import countries
from builder.addresses import entity_address
from builder.config import DEFAULT_KINDS
from builder.diagnostics import Diagnostic, Nearest, Place, diagnostic, suggestion
from builder.localize import language
from builder.model import Body, Entity, EntityRef, Profile, Site
from builder.yaml.values import FieldError, read_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: The kinds whose messages have codes of their own.
_KNOWN_KINDS = frozenset(kind.id for kind in DEFAULT_KINDS)
#: What is longer is no code of a country but its name.
_LONGEST_CODE = 3
#: So many of the codes in it are named in a hint.
_MOST_CODES = 10
_NO_CODE = re.compile(r"[^A-Z0-9]+")


class Registry:
    """The entities of a site: those with a profile, and every country that ISO 3166-1 names."""

    def __init__(self, profiles: Sequence[Profile], site: Site) -> None:
        self._site = site
        self._profiles = {profile.entity: profile for profile in profiles}
        self._kinds = {kind.id: kind for kind in site.kinds}
        self._hints: dict[EntityRef, str] = {}
        self._nearest = Nearest()
        self._words: dict[str, tuple[dict[str, str], dict[str, str]]] = {}

    def __contains__(self, ref: EntityRef) -> bool:
        return ref in self._profiles or (ref.kind == "country" and countries.is_code(ref.id))

    def profiled(self) -> tuple[EntityRef, ...]:
        """The entities that have a profile."""
        return tuple(self._profiles)

    def bodies(self) -> Iterator[Body]:
        """The texts of the profiles."""
        return (profile.body for profile in self._profiles.values())

    def entity(self, ref: EntityRef) -> Entity:
        """The entity of an id that the registry holds."""
        profile = self._profiles.get(ref)
        address = entity_address(self._kinds[ref.kind].plural, ref.id)
        former = ref.kind == "country" and countries.is_former(ref.id)
        if profile is None:
            return Entity(ref, self._name(ref, None), address, former=former)
        return Entity(
            ref=ref,
            name=self._name(ref, profile),
            address=address,
            aliases=tuple(dict.fromkeys(alias for alias, _ in profile.aliases)),
            summary=profile.summary,
            countries=tuple(subject.entity for subject in profile.countries),
            same_as=profile.same_as,
            location=profile.location,
            extra=profile.extra,
            body_html=profile.body.html,
            former=former,
        )

    def _name(self, ref: EntityRef, profile: Profile | None) -> str:
        tag = self._site.language
        if profile is not None:
            # For zh-Hant-TW a name in just that is the nearest, then one in zh-Hant, then one in zh.
            tags = accumulate(tag.split("-"), "{}-{}".format)
            known = [profile.names[one] for one in tags if one in profile.names]
            if known or profile.name:
                return known[-1] if known else profile.name
        if ref.kind == "country" and countries.is_code(ref.id):
            return language(tag).country(ref.id)
        return ref.id

    def unknown(self, file: str, place: Place, ref: EntityRef) -> Diagnostic:
        """What to say of an id that names nothing."""
        code = f"unknown-{ref.kind}" if ref.kind in _KNOWN_KINDS else "unknown-entity"
        if ref not in self._hints:
            self._hints[ref] = self._hint(ref)
        return diagnostic(file, place, code, f'no {ref.kind} "{ref.id}"', self._hints[ref])

    def _hint(self, ref: EntityRef) -> str:
        if not ref.id:
            return f"write the id of the {ref.kind}"
        unseen = next((one for one in ref.id if category(one) == "Cf"), "")
        if unseen:
            return f"an invisible character (U+{ord(unseen):04X}) stands in the id; delete it"
        words, former = self._vocabulary(ref.kind)
        if ref.id.lower() in former:
            return f'it is now called "{former[ref.id.lower()]}"'
        other = next((one for one in self._kinds if EntityRef(one, ref.id) in self._profiles), "")
        if other:
            return f"there is a {other} of this id: `{other}={ref.id}`"
        code = countries.suggest(ref.id) if ref.kind == "country" else ""
        if code:
            is_name = len(ref.id) > _LONGEST_CODE
            return (
                f'countries are named by their codes: write "{code}"' if is_name else suggestion(code)
            )
        near = self._nearest.to(ref.id, words)
        return suggestion(words[near]) if near else self._profile_hint(ref)

    def _profile_hint(self, ref: EntityRef) -> str:
        """What to do about an id that is like no other: write a profile, if it can have one."""
        try:
            # Codes are made of the same letters in upper case.
            read_id(ref.id.lower() if ref.kind == "country" else ref.id)
        except FieldError as problem:
            reserved = ref.id.lower() == "page"
            return problem.hint if reserved or ref.kind != "country" else _codes_within(ref.id)
        folder = self._kinds[ref.kind].plural
        return f"check the id, or write its profile: content/{folder}/{ref.id}.md"

    def _vocabulary(self, kind: str) -> tuple[dict[str, str], dict[str, str]]:
        """The ids of a kind by the words that may be taken for them, and by the ids they had."""
        if kind not in self._words:
            words: dict[str, str] = {}
            former: dict[str, str] = {}
            for ref, profile in self._profiles.items():
                if ref.kind == kind:
                    aliases = (alias for alias, _ in profile.aliases)
                    for word in (ref.id, profile.name, *profile.names.values(), *aliases):
                        words.setdefault(word, ref.id)
                    for name, _ in profile.former_ids:
                        former.setdefault(name, ref.id)
            words.pop("", None)
            self._words[kind] = words, former
        return self._words[kind]


def _codes_within(text: str) -> str:
    """What to do about a text in place of a country's code that can't be one."""
    codes = list(dict.fromkeys(one for one in _NO_CODE.split(text) if countries.is_code(one)))
    if len(codes) == 1:
        return suggestion(codes[0])
    example = f": {', '.join(codes[:_MOST_CODES])}" if codes else ", as in IR"
    return f"countries are named by their codes, each on its own{example}"


def former_ref(kind: str, name: str) -> EntityRef:
    """The entity that a former id, which is in lower case, would name."""
    return EntityRef(kind, name.upper() if kind == "country" else name)


def check_profiles(profiles: Sequence[Profile], registry: Registry) -> list[Diagnostic]:
    """What is wrong between profiles: ids and aliases that two of them claim, unknown parties."""
    found: list[Diagnostic] = []
    ids = {profile.entity: profile for profile in profiles}
    former: dict[EntityRef, Profile] = {}
    names: dict[tuple[str, str], Profile] = {}
    for profile in profiles:
        found += _name(profile, names)
    for profile in profiles:
        found += _former_ids(profile, ids, former)
        found += _aliases(profile, ids, names)
        for subject in profile.countries:
            if subject.entity not in registry:
                found.append(registry.unknown(profile.path, subject.place, subject.entity))
    return found


def _name(profile: Profile, names: dict[tuple[str, str], Profile]) -> Iterable[Diagnostic]:
    """What is wrong with the name of a profile; it joins the names that profiles have."""
    kind, name = profile.entity.kind, profile.name
    if not name:
        return
    other = names.setdefault((kind, name.casefold()), profile)
    own = kind != "country" or countries.is_code(profile.entity.id)
    code = "" if own else countries.suggest(name)
    if other is not profile:
        message = f'the name "{name}" is also that of {other.path}'
        hint = "make one of the two longer, so that it names one entity alone"
        yield diagnostic(profile.path, profile.name_place, "ambiguous-alias", message, hint)
    elif code:
        message = f'the name "{name}" is that of the country "{code}"'
        hint = f'name the file "{code}.md"'
        yield diagnostic(profile.path, profile.name_place, "alias-is-id", message, hint)


def _former_ids(
    profile: Profile, ids: dict[EntityRef, Profile], former: dict[EntityRef, Profile]
) -> Iterable[Diagnostic]:
    kind = profile.entity.kind
    for name, place in profile.former_ids:
        ref = former_ref(kind, name)
        other = ids.get(ref) or former.get(ref)
        if other is not None:
            yield diagnostic(
                profile.path,
                place,
                "duplicate-id",
                f'the {kind} id "{name}" is also claimed by {other.path}',
                "an id belongs to one entity; change one of the two",
            )
        former.setdefault(ref, profile)


def _aliases(
    profile: Profile, ids: dict[EntityRef, Profile], names: dict[tuple[str, str], Profile]
) -> Iterable[Diagnostic]:
    kind = profile.entity.kind
    for alias, place in profile.aliases:
        as_id = alias.upper() if kind == "country" else alias.lower()
        owner = ids.get(EntityRef(kind, as_id))
        if owner is None and kind == "country" and len(alias) == 2 and countries.is_code(as_id):
            yield diagnostic(
                profile.path,
                place,
                "alias-is-id",
                f'the alias "{alias}" is the code of another country',
                "take the alias away",
            )
        elif owner is not None and owner is not profile:
            yield diagnostic(
                profile.path,
                place,
                "alias-is-id",
                f'the alias "{alias}" is the id of another {kind}, {owner.path}',
                "take the alias away, or rename one of the two",
            )
        other = names.setdefault((kind, alias.casefold()), profile)
        if other is not profile:
            yield diagnostic(
                profile.path,
                place,
                "ambiguous-alias",
                f'the alias "{alias}" also names {other.path}',
                "make one of the two longer, so that it names one entity alone",
            )
