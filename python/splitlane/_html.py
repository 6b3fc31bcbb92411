"""What a notebook shows of a plan."""

import base64
import html

from splitlane import _core


def plan_html(plan: _core.Plan) -> str:
    """The summary and the Gantt figure. As an image, so that no two figures of a page share names or styles."""
    figure = base64.b64encode(plan.to_svg().encode()).decode()
    return (
        f"<pre>{html.escape(plan.summary())}</pre>"
        f'<img alt="Gantt figure of the plan" style="max-width:100%" src="data:image/svg+xml;base64,{figure}">'
    )
