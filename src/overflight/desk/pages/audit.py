"""The audit: who opened what kind of page and when, and the proof of the log. For auditors and the admin."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from overflight.desk.access import Action, Reader, may
from overflight.desk.accounts import Accounts, accounts_of
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, room
from overflight.desk.views import admin
from overflight.desk.work import work_of

__all__ = ["router"]

router = room(Action.READ_AUDIT, include_in_schema=False)

_ROWS = 100


@router.get("/audit")
def audit_page(
    request: Request,
    before: Annotated[int | None, Query(ge=1)] = None,
    account: Annotated[str, Query(max_length=40)] = "",
    reader: Reader = needs(Action.READ_AUDIT),
    accounts: Accounts = Depends(accounts_of),
) -> Response:
    trail = request.app.state.audit
    trail.flush()
    rows = trail.book.page(before=before, account=account if account.isprintable() else "", limit=_ROWS + 1)
    return render(
        request,
        "audit.html",
        rows=rows[:_ROWS],
        older=rows[_ROWS - 1].number if len(rows) > _ROWS else None,
        first=before is None,
        account=account,
        handles=[one.handle for one in accounts.book.accounts()],
        proof=_proof(request, reader),
    )


@router.post("/audit/proof")
def start_proof(
    request: Request,
    reader: Reader = needs(Action.READ_AUDIT),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    work_of(request, "proof").start(admin.prover(rooms), rooms.clock)
    if request.headers.get("hx-request"):
        return render(request, "audit_proof.html", proof=_proof(request, reader))
    return RedirectResponse("/audit", 303)


@router.get("/audit/proof")
def proof_part(request: Request, reader: Reader = needs(Action.READ_AUDIT)) -> Response:
    return render(request, "audit_proof.html", proof=_proof(request, reader))


def _proof(request: Request, reader: Reader) -> admin.ProofView:
    return admin.proof_view(work_of(request, "proof"), words=may(reader, Action.READ_CASES))
