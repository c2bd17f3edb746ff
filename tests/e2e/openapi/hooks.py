"""What a schema cannot say, for schemathesis: what is there, and what goes together."""

import itertools
import json
import os

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

WEBHOOKS = itertools.count()
FORM = "application/x-www-form-urlencoded"
NAMES = json.loads(os.environ["FRONTDESK_NAMES"])
# What a form names, by the parameter's name.
NAMED = {
    "FlexFlowSid": "flow",
    "ChatServiceSid": "service",
    "DefaultServiceRoleSid": "deployment_role",
    "DefaultChannelRoleSid": "role",
    "DefaultChannelCreatorRoleSid": "role",
}

# Attributes and answers of forms: a JSON object, as text.
schemathesis.openapi.format(
    "json-object",
    st.dictionaries(
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8),
        st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), st.text("abc é", max_size=8)),
        max_size=3,
    ).map(json.dumps),
)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Makes sense of requests that are to be good; those that are to be bad stay as they are."""
    path = case.operation.path
    # A page asks for tokens, from an Origin that it cannot choose.
    if "/Tokens" in path or "/Sites/" in path:
        case.headers["Origin"] = os.environ["FRONTDESK_ORIGIN"]
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    # A page's token is only good where it came from, and its number only with it.
    for name in ("PageToken", "Page"):
        if case.query:
            case.query.pop(name, None)
    # Where one request leads to the next, it names what that one made. What is here to be asked
    # for is not removed.
    if case.meta.phase.name.value != "stateful" and case.method != "DELETE":
        for name in case.path_parameters or {}:
            case.path_parameters[name] = named(path, name)
    # Nor is what is here filled up: a channel has five webhooks at most.
    if case.method == "POST" and path.endswith("/Webhooks"):
        if next(WEBHOOKS) > 2:
            case.path_parameters["channel"] = "CH" + "0" * 32
    # Forms of which nothing is needed alone, and one of two is.
    if case.method == "POST" and path.endswith(("/Messages", "/WebChannels/{channel}")):
        if not isinstance(case.body, dict):
            case.body, case.media_type = {}, FORM
    if isinstance(case.body, dict):
        together(path, case.body)
        # Roles are a service's own, and this one may have been made a moment ago.
        if case.meta.phase.name.value == "stateful":
            for name in [name for name in case.body if name.endswith("RoleSid")]:
                del case.body[name]


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what is wrong on paper alone, and good by the time it has arrived."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.NEGATIVE:
        return True
    # In a form everything is text: a number is a good name, and nothing is not there.
    if case.media_type == FORM and isinstance(case.body, dict):
        if not all(isinstance(value, (str, list)) and value != [] for value in case.body.values()):
            return False
    # Spaces around a header are not its value.
    return "Idempotency-Key" not in (case.headers or {})


def named(path, name):
    # What is ended and switched off is not what is talked in and opened with.
    spare = {"channel": "ended", "flow": "spare_flow"} if path.startswith("/v1/") else {}
    return NAMES[spare.get(name, name)]


def together(path, form):
    for name, thing in NAMED.items():
        if name in form:
            form[name] = NAMES[thing]
    if "RoleSid" in form:
        form["RoleSid"] = NAMES["deployment_role" if "/Users" in path else "role"]
    # The next token is for the last one, or for a secret.
    if path.endswith("/refresh"):
        form.setdefault("token", "x")
    # A chat ends, or is handed over.
    if path == "/v1/WebChannels/{channel}" and "Handover" not in form:
        form.setdefault("ChatStatus", "inactive")
    # A file is said once.
    form.pop("MediaSid", None)
    if path.endswith("/Messages"):
        form.setdefault("Body", "Hello")
    # A message stays whose it is.
    if path.endswith("/{message}"):
        form.pop("From", None)
    # A webhook calls a real address, and is told of events that have a name.
    if "/Webhooks" in path:
        form["Configuration.Url"] = "https://example.com/"
        form["Configuration.FlowSid"] = "FW" + "0" * 32
        for name in ("Configuration.Filters", "Configuration.Triggers"):
            if name in form:
                form[name] = ["onMessageSent"]
    # An integration has to be somewhere.
    if "IntegrationType" in form:
        form["Integration.Url"] = "https://example.com/"
        form["Integration.FlowSid"] = "FW" + "0" * 32
