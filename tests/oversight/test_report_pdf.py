"""The report of a month on paper: tagged, with the figures of the page, and nobody in it."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from audit.entries import Action, Kind
from config import clock
from pga.oversight.service import review
from tests.oversight.conftest import NAME, Desk
from tests.oversight.test_review import consent


def reader_of(content: bytes) -> PdfReader:
    """Open a PDF."""
    return PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    """Read the words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in reader_of(content).pages).split())


@pytest.fixture
def pdf(desk: Desk) -> bytes:
    consent(desk)
    review.scan()
    answer = desk.officer.get(f"/oversight/report.pdf?month={clock.today():%Y-%m}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


def test_the_pdf_is_tagged_and_says_its_language(pdf: bytes) -> None:
    root = reader_of(pdf).root_object
    assert "'/Marked': True" in str(root["/MarkInfo"])
    assert str(root["/Lang"]) == "en"
    assert "StructTreeRoot" in str(root)


def test_the_pdf_has_the_figures_of_the_page_and_no_person_or_case(desk: Desk, pdf: bytes) -> None:
    page = desk.officer.read(f"/oversight/report?month={clock.today():%Y-%m}")
    told = text_of(pdf)
    for term in ("Opened what others brought", "Refused", "Looks into the log by officers"):
        figure = page.split(f"<dt>{term}</dt><dd>")[1].split("<")[0]
        # Looks grow by one with every look, and the page was looked at after the paper.
        assert f"{term} {int(figure) - ('Looks' in term)}" in told
    for organisation in ("GPR", "POL"):
        assert (desk.organisation(organisation) in page) == (
            desk.organisation(organisation) in told
        )
    for secret in (NAME, desk.name("POL"), desk.name("GCR"), desk.number()):
        assert secret not in told


def test_a_report_on_paper_is_an_entry_of_its_own(desk: Desk) -> None:
    desk.officer.get("/oversight/report.pdf")
    (look, *_) = desk.entries(actions=[Action.LOG_VIEW])
    assert look.kind is Kind.EXPORTED
    desk.officer.get("/oversight/report.pdf?month=nonsense")
    (look, *_) = desk.entries(actions=[Action.LOG_VIEW])
    assert look.facts["month"] == "2026-10"
