"""The matrices of the model agreements as the lawyers read them: text, one row per partner.

Written down a second time and read by other code than the product's, so that a slip in a library
file or in the compiler shows as a difference.
"""

YOUTH_A = """
P   D01        D02   D03        D04        D05   D06    D07    D08
GPR 1/R1       1/R1n 1/R1       -/R2n      -/R2  -/R2n  X/X    -/R2n
GCR 1/R1       X/R2n 1/R1       -/R2       -/R2n -/R2n  X/R2t  2t/R2
BUR -/R2n      X/X   X/X        X/X        X/X   X/X    X/X    X/X
POL 1b/R1      X/X   2nb/R2n    X/R2n      1b/o  X/R2n  X/X    2nb/R2n
OM  1b/R1      X/X   X/R2n      X/R2n      X/R2n 2b/o   X/X    2nb/R2n
HLT 1/R2n      X/X   2n/R2n     2n/R2n     X/R2n 2n/o   X/X    2t/R2n
REC 1/R2       X/X   2n/R2n     X/R2n      X/R2n 2n/R2n X/X    2n/R2n
GI  1/R1       X/R2n 1n/R2      2n/R2      X/R2n 2n/R2n 2t/R2t 2n/R2
RVK 1/R1       X/R2n 1n/R2      2n/R2      X/R2n 2n/R2n 2t/R2t 2n/R2
VT  1n/R1      X/X   2n/R2n     X/R2n      X/R2n X/X    2t/R2t 2n/R2n
GGD 1t/R2n     X/X   2t/R2n     X/R2n      X/X   X/X    2t/R2t 2t/R2n
GGZ 1t/R2n     X/X   2t/R2n     X/X        X/X   X/X    2t/R2t 2t/R2n
JHA 1t/R2n     X/X   2t/R2n     X/R2n      X/X   X/X    2t/R2t 2t/R2
LPR 1/R1       X/X   2n/R2n     1/R2       X/X   X/X    X/X    2n/R2n
SCH 1n/R2n     X/X   X/X        2t/o       X/X   X/X    X/X    2t/R2n
JWK 1/R2n      X/X   2n/R2n     X/X        X/X   X/X    X/X    2n/R2n
MEE 1t/R2n     X/X   2t/R2n     X/R2n      X/X   X/X    2t/R2t 2t/R2
WOC 1n/R2n     X/X   X/X        X/X        X/X   X/X    X/X    X/X
DJI 1/R2n      X/X   X/R2n      X/R2n      X/X   2b/R2n X/X    2t/R2n
ZVH -/handover X/X   -/handover -/handover X/X   X/X    X/X    X/X
"""

YOUTH_B = """
P   D09        D10    D11    D12        D13    D14        D15        D16
GPR 1/R1       X/R2n  -/R2n  -/R2       2n/R2n 1/R1       2/R2       2/R2
GCR 1/R1       2t/R2  2t/R2  2n/R2      2n/R2n 1/R1       2/R2       2/R2
BUR X/X        X/X    X/X    X/X        X/X    X/X        -/R2n      -/R2n
POL -/R2n      X/X    X/X    -/R2n      2b/R2n 1nb/R2     2/R2n      2/R2
OM  -/R2n      X/X    X/X    X/R2n      2b/R2n 1nb/R2     2/R2n      2/R2
HLT 0/R2n      2t/R2n X/X    X/X        X/X    2n/R2n     2/R2n      2/R2
REC 2n/R2n     2n/R2n 2n/R2n 2n/R2n     2n/R2n 1n/R2      2/R2       2/R2
GI  1n/R2      2n/R2  2n/R2n 2n/R2n     2n/R2n 1n/R2      2/R2       2/R2
RVK 1/R2       2n/R2  X/R2n  X/R2n      2n/R2n 1n/R2      2/R2       2/R2
VT  1n/R2n     2n/R2n X/X    X/X        2n/R2n 1n/R2n     2/R2n      2/R2n
GGD 0t/R2n     2t/R2n X/X    2t/R2n     X/X    2t/R2n     2/R2n      2/R2n
GGZ 0t/R2n     2t/R2n X/X    X/R2n      X/X    2t/R2n     2/R2n      2/R2n
JHA 0t/R2      2t/R2  2t/R2n 2t/R2n     X/R2n  2t/R2      2/R2       2/R2
LPR 0/R2n      X/X    X/X    X/X        X/X    1n/R2      2/R2n      2/R2
SCH X/R2n      X/X    X/X    X/X        X/X    2t/R2n     -/R2n      2/R2n
JWK X/R2n      X/X    2t/R2n X/X        2n/R2n 1n/R2n     2/R2n      2/R2n
MEE 0t/R2n     2t/R2  2t/R2n X/R2n      X/X    2t/R2n     2/R2       2/R2
WOC X/X        X/X    2n/X   1n/R2n     X/X    X/X        -/R2n      2/R2n
DJI 0/R2n      X/X    X/X    2n/R2n     X/X    2n/R2n     2/R2n      2/R2n
ZVH -/handover X/X    X/X    -/handover X/X    -/handover -/handover -/handover
"""

MONEY_MULE = """
P   G01    G02    G03    G04    G05   G06    G07    G08     G09    G10 G11    G12    G13
POL 1b/R1  1b/R2n 1b/o   1b/R2n 1b/o  X/R2n  X/X    2nb/R2n 1b/R2n X/X X/X    2/R2   2/R2
OM  1b/R1  X/R2n  2b/R2n 2b/R2n 2b/o  X/X    X/X    2nb/R2n 2b/R2n X/X X/X    2/R2   2/R2
GPR 1/R1   1/R1   -/R1   -/R1   -/R1  -/R2n  X/X    -/R2n   1/R1   X/X X/X    2/R2   2/R2
GCR 1/R1   1/R1   -/R2n  -/R2   -/R2n -/R2   2t/R2  2t/R2   1/R1   X/X 2t/R2t 2/R2   2/R2
HLT 1/R2n  2n/R2n X/R2n  X/R2n  X/R2n X/R2n  X/X    2t/R2n  1n/R2n X/X X/X    2/R2n  2/R2n
LPR 1/R2n  2n/R2n X/X    X/X    X/X   1/R2   X/X    2n/R2n  1n/R2n X/X X/X    2/R2n  2/R2n
SCH X/X    X/X    X/X    X/X    X/X   2t/o   X/X    2t/X    1t/o   X/X X/X    X/X    -/R2n
JWK 1n/R2n X/R2n  X/X    X/X    X/X   X/X    2t/X   2n/R2n  1n/R2n X/X X/X    2/R2n  2/R2n
GI  1/R1   1n/R2  X/R2n  2n/R2  X/R2n 2n/R2n 2n/R2n 2n/R2   1n/R2  X/X X/X    2/R2   2/R2
RVK 1/R1   1n/R2  X/R2n  2n/R2  X/R2n 2n/R2n 2n/R2n 2n/R2   1n/R2  X/X X/X    2/R2   2/R2
DBT X/R2t  X/X    X/X    X/X    X/X   X/X    2t/o   X/R2t   1t/o   X/X 2t/R2t 2t/R2n 2/R2n
MEE 1t/R2t 2t/R2t X/X    X/R2t  X/X   X/X    2t/R2t 2t/R2   1t/R2t X/X X/X    2t/R2n 2/R2n
VT  1n/R2n 2n/R2n X/R2n  1n/R2  X/X   X/X    X/X    2t/R2n  1n/R2  X/X X/X    2/R2n  2/R2n
CCT 1n/R2n 2n/R2n X/R2n  1n/R2  X/X   X/X    X/X    2t/R2n  1n/R2  X/X X/X    2/R2n  2/R2n
BUR -/R2n  X/X    X/X    X/X    X/X   X/X    X/X    X/X     X/X    X/X X/X    -/R2n  -/R2n
"""


def grid(*texts: str) -> dict[tuple[str, str], str]:
    """Read tables with one head row into cells by partner and category."""
    cells = {}
    for text in texts:
        head, *rows = (line.split() for line in text.strip().splitlines())
        for name, *row in rows:
            assert len(row) == len(head) - 1, name
            cells.update({(name, code): cell for code, cell in zip(head[1:], row, strict=True)})
    return cells


GRIDS = {"youth": grid(YOUTH_A, YOUTH_B), "money_mule": grid(MONEY_MULE)}
