"""A sheet of paper with a few lines on it, as a PDF of one page: the scan of a signature."""

from typing import Final

PAGE: Final = "[0 0 595 842]"  # A4, in points
LEFT, TOP, LINE = 72, 740, 28


def sheet(*lines: str) -> bytes:
    """Write lines below each other on one page."""
    told = "".join(
        f"BT /F1 14 Tf {LEFT} {TOP - LINE * number} Td ({_escaped(line)}) Tj ET\n"
        for number, line in enumerate(lines)
    ).encode("latin-1", "replace")
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox {PAGE} /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%bendstream" % (len(told), told),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(parts) + 1
    return (
        written
        + b"xref\n0 %d\n%b" % (count, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\n" % count
        + b"startxref\n%d\n%%%%EOF\n" % len(written)
    )


def _escaped(line: str) -> str:
    """Escape what has a meaning in a text of a PDF."""
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
