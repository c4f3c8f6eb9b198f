"""Wat mag mijn organisatie: what we may bring and see, under which clause, until when."""

from flask import render_template
from flask.typing import ResponseReturnValue

from auth import queries as people
from config import clock
from pga.agreements import queries as agreements
from pga.agreements import words as codes
from pga.agreements.municipalities import name_of
from pga.policy.codes import Partner, Track
from pga.policy.rights import rights_of
from pga.sharing.viewer import current_viewer
from pga.sharing.views.blueprint import sharing


@sharing.get("/my-organisation")
def my_organisation() -> ResponseReturnValue:
    """Show the agreement as it holds for each place the viewer works in; no case is opened."""
    viewer, today = current_viewer(), clock.today()
    places = {(p.municipality, p.organisation_id, p.partner) for p in viewer.places}
    rows = agreements.agreements_of({place[0] for place in places})
    parties = agreements.parties_of([row.id for row in rows])
    signed = {
        (row.id, party.organisation_id, party.partner)
        for row in rows
        for party in parties[row.id]
        if agreements.has_signed(party, today)
    }
    found = [
        {
            "agreement": row,
            "partner": partner,
            "organisation_id": organisation_id,
            "place": name_of(municipality),
            "in_force": agreements.is_in_force(row, today),
            "rights": rights_of(agreements.table_of(row), Track(row.track), Partner(partner)),
        }
        for municipality, organisation_id, partner in sorted(places)
        for row in rows
        if row.municipality == municipality and (row.id, organisation_id, partner) in signed
    ]
    return render_template(
        "sharing/my_organisation.html",
        found=found,
        names=people.organisations_by_id({place[1] for place in places}),
        codes=codes,
    )
