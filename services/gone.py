"""What was taken out of the database, in words: how many of which kind, and nothing of what was in them."""

from collections.abc import Mapping

from services.prompt_facts import joined

# One and many, in the order in which they are told. A table that is not named here counts among "other entries".
KINDS: Mapping[str, tuple[str, str]] = {
    "cases": ("case", "cases"),
    "sessions": ("session", "sessions"),
    "episodes": ("episode", "episodes"),
    "ruptures": ("rupture", "ruptures"),
    "repair_steps": ("repair step", "repair steps"),
    "reflections": ("weekly reflection", "weekly reflections"),
    "reflection_parts": ("part of a reflection", "parts of reflections"),
    "ratings": ("rating of a cause", "ratings of causes"),
    "scores": ("score", "scores"),
    "check_ins": ("check-in", "check-ins"),
    "check_in_guesses": ("guess at a check-in", "guesses at check-ins"),
    "goals": ("goal", "goals"),
    "goal_progress": ("review of a goal", "reviews of goals"),
    "tasks": ("task between sessions", "tasks between sessions"),
    "task_checks": ("look at a task", "looks at tasks"),
    "formulation_entries": ("version of a formulation field", "versions of formulation fields"),
    "strategies": ("strategy", "strategies"),
    "plan_reviews": ("plan review", "plan reviews"),
    "strategy_verdicts": ("verdict on a strategy", "verdicts on strategies"),
    "questions": ("question for supervision", "questions for supervision"),
    "case_texts": ("text", "texts"),
    "notes": ("note", "notes"),
    "prompt_uses": ("use of a prompt", "uses of prompts"),
    "actions": ("action", "actions"),
    "step_backs": ("step back", "step backs"),
    "flags": ("flag", "flags"),
    "flag_events": ("piece of work on a flag", "pieces of work on flags"),
    "reveals": ("look that was asked for", "looks that were asked for"),
    "agenda_items": ("item of a meeting", "items of meetings"),
    "agenda_words": ("text for a meeting", "texts for meetings"),
    "decisions": ("decision of a meeting", "decisions of meetings"),
    "reratings": ("rating after a discussion", "ratings after a discussion"),
    "meeting_labels": ("label on a shared screen", "labels on a shared screen"),
    "case_transfers": ("handing over", "times of handing over"),
    "history": ("earlier version", "earlier versions"),
    "invitations": ("invitation", "invitations"),
}


def together(*counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by table, added up."""
    tables = dict.fromkeys(table for each in counts for table in each)
    return {table: sum(each.get(table, 0) for each in counts) for table in tables}


def in_words(counts: Mapping[str, int]) -> str:
    """ "1 case, 12 sessions and 3 earlier versions"; "nothing" where nothing went."""
    told = [
        f"{counts[table]:,} {one if counts[table] == 1 else many}"
        for table, (one, many) in KINDS.items()
        if counts.get(table)
    ]
    if rest := sum(n for table, n in counts.items() if table not in KINDS):
        told.append(f"{rest:,} other {'entry' if rest == 1 else 'entries'}")
    return joined(told) if told else "nothing"
