"""How a prompt is worded: short, open, without blame, and with nothing at a stage that belongs into a later one."""

import re

#: The longest each text of a prompt may be, and what it is called.
LENGTHS = {
    "wording": (220, "The question"),
    "why": (200, "“Why now”"),
    "sentence": (200, "The sentence to try"),
    "repaired_when": (200, "The sign of repair"),
    "source": (400, "The source"),
}

# Explanations, changes of task and links to patterns wait for a later session (PMC5966286).
NOT_WHILE_IT_HURTS = re.compile(
    r"pattern|explain|explanation|rationale|interpret|give the reason|my reasons|from elsewhere|anywhere else"
    r"|childhood|your (mother|father|parents)|new task|another task|swap|instead of the task|rewrite",
    re.IGNORECASE,
)
BLAMING = re.compile(
    r"resistant (client|patient)|non-?complian|manipulat|\blaz(y|iness)\b|unmotivated|\bfault\b|difficult (client|patient)"
    r"|attention[- ]seeking|in denial|refuses to|uncooperative|\bexcuses?\b|\bstubborn|sabotag|\bborderline\b|should have"
    r"|must not forget|obviously|\bpatients?\b|\bfailed\b|\bfailure\b",
    re.IGNORECASE,
)
CROSS_EXAMINING = re.compile(r"Why\b|Did you\b|Do you\b")
SHARED_GOALS = re.compile(r"goals (were )?made together", re.IGNORECASE)


def problems(
    *, stage: str, causes: tuple[int, ...], wording: str, why: str, sentence: str, repaired_when: str
) -> list[str]:
    """What is in the way of these words, one sentence each; empty when they can be used."""
    found = []
    if not wording:
        found.append("The question has no words yet. Please write it.")
    elif "?" not in wording:
        found.append("A prompt asks something. Please put it as a question.")
    if CROSS_EXAMINING.match(wording):
        found.append("“Why”, “Did you” and “Do you” sound like an examination. Please begin with “What”, “Which” or “When”.")  # fmt: skip
    if blaming := BLAMING.search(f"{wording} {why} {sentence} {repaired_when}"):
        found.append(f"“{blaming.group()}” can be read as blame. Please say what happens instead.")
    if stage != "later" and (early := NOT_WHILE_IT_HURTS.search(f"{wording} {sentence}")):
        found.append(f"“{early.group()}” belongs into a later session. Please choose the stage “Later”, or leave it out.")  # fmt: skip
    if 4 in causes and not SHARED_GOALS.search(f"{wording} {why}"):
        found.append("A prompt on cause 4 says that it presumes goals made together. Please put “goals made together” into the question or “why now”.")  # fmt: skip
    return found
