"""/metrics for Prometheus: open like /health, because it holds counts and no names; 503 while the store is away."""

from starlette.responses import Response

from desk import metrics
from desk.screens.door import Ask


def show_metrics(ask: Ask) -> Response:
    """The figures in Prometheus' text form."""
    text, whole = metrics.exposed(ask.room)
    return Response(text, 200 if whole else 503, {"Content-Type": metrics.CONTENT_TYPE})
