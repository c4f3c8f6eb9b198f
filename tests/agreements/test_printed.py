"""A PDF carries its own file, and anybody can hold it against the version that runs."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from config.clock import FrozenClock
from config.errors import InvalidInputError
from pga.agreements.rules import Step
from pga.agreements.service import matching
from pga.agreements.service.matching import Likeness, Match, Pages
from pga.policy.codes import Category, Partner
from pga.policy.document import dump
from tests.agreements.drafts import LEAD, POLICE, Who, colleague
from tests.agreements.lives import (
    SCHOOL_HEAD,
    SECOND,
    Lived,
    fresh,
    made,
    sign,
    signed,
    take,
    text_of,
)
from tests.agreements.matrices import with_cells
from tests.factories.fixtures import Play
from tests.factories.scene import Scene
from tests.factories.snapshots import Played


def running(scene: Scene) -> Lived:
    """Bring a version into force that three signed."""
    lived = signed(scene)
    take(scene, SECOND, lived.draft, Step.ACTIVATE)
    return lived


@pytest.fixture
def town(play: Play) -> Played[Lived]:
    return play(running)


def printed(town: Played[Lived]) -> bytes:
    response = town.visitor(*POLICE[:2]).get(f"/agreements/{town.made.draft.hex()}/pdf")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    return bytes(response.data)


def matched(town: Played[Lived], content: bytes, who: Who = POLICE) -> Match:
    with town.app.test_request_context():
        return matching.match(colleague(town.scene, who), content)


def test_the_pdf_is_tagged_and_carries_the_file_byte_for_byte(town: Played[Lived]) -> None:
    reader = PdfReader(BytesIO(printed(town)))
    assert reader.attachments["agreement.yaml"] == [fresh(town.made.draft).document.encode()]
    root = reader.root_object
    assert "'/Marked': True" in str(root["/MarkInfo"])
    assert str(root["/Lang"]).startswith("nl")
    stream = root["/Metadata"].get_object()
    assert isinstance(stream, StreamObject)
    metadata = stream.get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_the_pdf_says_who_signed_in_which_capacity_and_for_which_hash(
    town: Played[Lived],
) -> None:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed(town))).pages[-2:])
    assert "Mayor GPR" in text
    assert "Gemeentewet 171" in text
    assert "SHA-256" in text


def test_a_pdf_of_the_version_in_force_is_the_same_in_text_and_pages(
    town: Played[Lived],
) -> None:
    found = matched(town, printed(town))
    assert (found.likeness, found.pages, found.is_in_force) == (Likeness.SAME, Pages.SAME, True)
    assert found.version is not None
    assert found.version.id == town.made.draft


def test_a_pdf_of_before_a_later_signature_is_still_the_same(
    town: Played[Lived], clock: FrozenClock
) -> None:
    before = printed(town)
    clock.advance(timedelta(days=2))
    sign(town.scene, SCHOOL_HEAD, town.made.draft, "SCH")
    assert matched(town, before).pages is Pages.SAME
    assert printed(town) != before


def test_a_pdf_whose_pages_were_changed_is_told_from_the_real_one(town: Played[Lived]) -> None:
    changed = printed(town) + b"\n% one more byte"
    found = matched(town, changed)
    assert (found.likeness, found.pages) == (Likeness.SAME, Pages.OTHER)


def test_the_file_of_a_version_is_the_same_byte_for_byte(town: Played[Lived]) -> None:
    found = matched(town, fresh(town.made.draft).document.encode())
    assert (found.likeness, found.pages, found.is_in_force) == (Likeness.SAME, Pages.NONE, True)


def test_a_file_written_otherwise_says_the_same(town: Played[Lived]) -> None:
    other = f"# a remark\n{fresh(town.made.draft).document}"
    assert matched(town, other.encode()).likeness is Likeness.WRITTEN_OTHERWISE


def test_a_file_that_says_something_else_is_told_from_the_version_of_its_number(
    town: Played[Lived],
) -> None:
    other = with_cells(text_of(town.made.draft), {(Partner.LPR, Category.D04): "1n/R2"})
    found = matched(town, dump(other).encode())
    assert found.likeness is Likeness.OTHER
    assert found.version is not None
    assert found.version.id == town.made.draft


def test_of_a_version_one_may_not_see_nothing_is_told(play: Play) -> None:
    town = play(made)
    text = fresh(town.made.draft).document.encode()
    assert matched(town, text, LEAD).likeness is Likeness.SAME
    found = matched(town, text, POLICE)
    assert (found.likeness, found.version) == (Likeness.OTHER, None)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"\xff\xfe", b"a: 1"])
def test_what_is_no_agreement_is_told(town: Played[Lived], content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        matched(town, content)


def test_the_page_answers_in_words(town: Played[Lived]) -> None:
    visitor = town.visitor(*POLICE[:2])
    assert "Zijn dit de afspraken die gelden?" in visitor.read("/agreements/check")
    sent = {
        "csrf_token": visitor.token,
        "file": (BytesIO(fresh(town.made.draft).document.encode()), "a.yaml"),
    }
    answer = visitor._alone(
        lambda: visitor.client.post(
            "/agreements/check",
            data=sent,
            headers={"Sec-Fetch-Site": "same-origin"},
            content_type="multipart/form-data",
        )
    )
    assert "Dit is de versie die geldt" in answer.text
    assert visitor.post("/agreements/check").status_code == 422
