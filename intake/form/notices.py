"""What goes wrong is said in plain words: what happened, that nothing is lost or what is, and what to do."""

import msgspec


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something to tell, on a page of its own or above the page that was sent."""

    status: int
    title: str
    words: str


NOT_SAVED = Notice(
    status=503,
    title="We could not save this page",
    words="Nothing is lost: what you typed is still here. Please wait a moment and press Continue again.",
)
NOT_BEGUN = Notice(
    status=503,
    title="We cannot take reports just now",
    words="Please wait a moment and press Start again.",
)
AWAY = Notice(
    status=503,
    title="We cannot reach your answers just now",
    words="Nothing is lost. Please wait a moment and try again.",
)
STALE = Notice(
    status=400,
    title="Please press Continue again",
    words="We could not be sure that this came from you, because this page was open for long or your browser keeps no "
    "cookies. What you typed is still here.",
)
STALE_ELSEWHERE = Notice(
    status=400,
    title="Please try again",
    words="We could not be sure that this came from you, because the page was open for long or your browser keeps no "
    "cookies. Go back, load the page again and repeat the last step.",
)
EXPIRED_HERE = Notice(
    status=410,
    title="Your earlier answers are no longer here",
    words="We keep answers for 24 hours after the last change. What you typed on this page is still here: press "
    "Continue to go on with it, and add the rest again.",
)
EXPIRED = Notice(
    status=410,
    title="Your answers are no longer here",
    words="We keep answers that were not sent for 24 hours after the last change. Please begin a new report.",
)
ANOTHER_BEGUN = Notice(
    status=409,
    title="Another report was started in this browser",
    words="This page belongs to an earlier report, and a newer one was started since, perhaps in another tab. Nothing "
    "of this page was saved or sent, so that two reports are not mixed, and the earlier report was not sent.",
)
SENT_BEFORE = Notice(
    status=409,
    title="Your report was already sent; this change is not in it",
    words="It was sent before you pressed Continue here, perhaps in another tab. To add this change, send a new "
    "report: write the reference number of the first one and what you see below into its story.",
)
BEING_SENT = Notice(
    status=409,
    title="Your report is being sent; this change is not in it",
    words="Send report was pressed, so the answers can no longer be changed. If you saw no reference number, check "
    "your answers and press Send report again: it stays one report. What is not in it can follow in a new report.",
)
REFUSED = Notice(
    status=422,
    title="Your report could not be sent as it is",
    words="A person will look at it. Please change your answers, or tell us by telephone or email.",
)
TOO_LARGE = Notice(
    status=413,
    title="This is more than we can take at once",
    words="This page is not saved, the ones before are. Go back, shorten the text, and press Continue again. What "
    "does not fit can follow in a second report.",
)
UNKNOWN_PAGE = Notice(
    status=404,
    title="Page not found",
    words="There is no page here. If you typed the address, check that it is right.",
)
BAD = Notice(
    status=400,
    title="We could not read that",
    words="Go back and try again. If it happens again, begin a new report.",
)
FAULT = Notice(
    status=500,
    title="Something went wrong on our side",
    words="Your answers up to the last page are kept. Please go back and try again, and tell us if it happens again.",
)
BY_STATUS = {notice.status: notice for notice in (TOO_LARGE, UNKNOWN_PAGE)}
