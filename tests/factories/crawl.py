"""Everything a signed-in person can reach by following links, as comparable pages."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from tests.factories.browserless import TOKEN, Visitor

LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
FORM = re.compile(r'<form[^>]*action="([^"]+)"')
ID = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"\b20\d\d-\d{5}\b")
AWAY = (
    *("/static", "/sign-out", "/language", "/shortcuts", "/style-guide", "/account", "/drafts"),
    "/agreements",  # a thousand pages and a PDF, made from the agreement and from no case
)


@dataclass(slots=True)
class Site:
    """The pages of one person by address; ids, case numbers and tokens of forms are made alike.

    An id becomes the count of ids seen before it, so two sites are equal exactly when they differ
    in nothing but which ids were drawn.
    """

    visitor: Visitor
    pages: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def crawl(self, *starts: str, skip: str = "^$") -> "Site":
        """Open these addresses and every page a link leads to from there, each once.

        Addresses in which the pattern `skip` is found are left out.
        """
        waiting = list(starts)
        seen = set(waiting)
        while waiting:
            path = waiting.pop(0)
            response = self.visitor.get(path)
            self.pages[self.alike(path)] = f"{response.status_code}\n{self.alike(response.text)}"
            for link in links_of(response.text):
                if link not in seen and not re.search(skip, link):
                    seen.add(link)
                    waiting.append(link)
        return self

    def alike(self, text: str) -> str:
        """Replace what is drawn at random by the order in which it appeared."""
        text = TOKEN.sub("", text)
        text = ID.sub(lambda found: self._name("id", found.group()), text)
        return NUMBER.sub(lambda found: self._name("number", found.group()), text)

    def _name(self, kind: str, value: str) -> str:
        return self._names.setdefault(value, f"<{kind} {len(self._names)}>")


def links_of(page: str) -> Iterator[str]:
    """List the addresses on a page that a GET may follow, in their order."""
    posts = {unescape(path) for path in FORM.findall(page)}
    for found in LINK.findall(page):
        path = unescape(found)
        if path not in posts and not path.startswith(AWAY):
            yield path


def differences(one: Site, other: Site) -> Iterable[str]:
    """Tell where two sites differ: addresses of one alone, and the first other line of a page."""
    for path in one.pages.keys() ^ other.pages.keys():
        yield f"only one has {path}"
    for path in one.pages.keys() & other.pages.keys():
        if one.pages[path] != other.pages[path]:
            pairs = zip(one.pages[path].splitlines(), other.pages[path].splitlines(), strict=False)
            first = next(((a, b) for a, b in pairs if a != b), ("", "more lines"))
            yield f"{path}: {first[0].strip()!r} is not {first[1].strip()!r}"
