"""A handed-in reflection as its supervisor may see it: the six ratings, and the parts that were shared."""

from typing import Any

import streamlit as st

from dashboard.components.text import plain
from services import vocabulary
from services.reflections import Reflection


def show(reflection: Reflection, *, key: str) -> None:
    """The card of one reflection. What was not shared is not in `reflection`, so it cannot be shown."""
    with st.container(border=True, key=f"{key}_card"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_head"):
            st.header(plain(reflection.therapist), anchor=False)
            if reflection.read_at:
                st.badge("read", icon=":material/done_all:", color="gray")
        rated = [(c, reflection.ratings[n]) for n, c in vocabulary.CAUSES.items() if n in reflection.ratings]
        if rated:
            st.table(
                {
                    "Cause": [c.label for c, _ in rated],
                    "Rating": [vocabulary.rating_label(r) for _, r in rated],
                },
                border="horizontal",
            )
        if reflection.behaviours:
            ticked = [vocabulary.RAPPORT_BEHAVIOURS[b].label for b in reflection.behaviours]
            st.markdown("**Rapport behaviours:** " + plain(", ".join(ticked)))
        for name, word in vocabulary.REFLECTION_PARTS.items():
            if part := reflection.parts.get(name):
                st.markdown(f"**{plain(word.label)}**  \n{plain(said(name, part.value))}")
        if not reflection.parts:
            st.caption("Nothing further was shared from this reflection.")


def said(name: str, value: Any) -> str:
    """What a part holds, as a sentence. The database keeps any content; what has an unknown shape is shown as it is."""
    try:
        return _in_words(name, value)
    except (KeyError, TypeError, AttributeError):
        return str(value)


def _in_words(name: str, value: Any) -> str:
    match name:
        case "frustration":
            return f"{value} · {vocabulary.FRUSTRATIONS[value]}"
        case "feelings":
            return ", ".join(vocabulary.FEELINGS[feeling].label for feeling in value)
        case "expectation":
            words = [vocabulary.EXPECTATION_OWNERS[value["whose"]].label] if value.get("whose") else []
            words += (
                [f"within reach: {vocabulary.WITHIN_REACH[value['realistic']].label.lower()}"]
                if value.get("realistic")
                else []
            )
            return "; ".join([*words, *([value["text"]] if value.get("text") else [])])
        case "reframes":
            used = ", ".join(vocabulary.REFRAMES[reframe].label for reframe in value.get("used", []))
            return "; ".join(
                filter(None, [used, vocabulary.HELPED[value["helped"]].label if value.get("helped") else ""])
            )
        case "support":
            used = ", ".join(vocabulary.SUPPORTS[support].label for support in value.get("used", []))
            return "; ".join(filter(None, [used, value.get("text", "")]))
    return str(value)
