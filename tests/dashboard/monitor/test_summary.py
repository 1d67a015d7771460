"""The monthly page: its words, that no sign in them becomes markup, and that it is set and opens."""

from datetime import date
from uuid import uuid4

import pytest
import typst

from dashboard import charts, paper
from dashboard.monitor import summary, words
from dashboard.paper import svg
from services import survival, weeks
from services.flags import Flag, Standing, Watched
from services.monthly import Month, Share, Up

TODAY = date(2026, 11, 25)
SINCE = weeks.monday(TODAY) - weeks.WEEK * 3


def flag(**more) -> Flag:
    return Flag(**{
        "id": uuid4(), "rule": "R5", "about": "", "severity": "review", "numbers": {"ruptures": 1, "days": 22, "allowed": 14}, "n": 1,
        "since": date(2026, 11, 18), "first_seen": date(2026, 11, 18), "points": 4, **more,
    })  # fmt: skip


def case(code: str = "C-1001", therapist: str = "Ann Ash", **more) -> Watched:
    return Watched(**{
        "team": uuid4(), "team_name": "North", "therapist_id": uuid4(), "therapist": therapist, "case": uuid4(), "code": code, "points": 4,
        "since": date(2026, 11, 18), "severity": "review", "discussed_on": None, "flags": (flag(),), **more,
    })  # fmt: skip


def month(**more) -> Month:
    return Month(**{
        "team": uuid4(), "team_name": "North", "cases": 3, "first": 1, "rules": (Up("R5", 3, date(2026, 9, 1), 30),),
        "work": {"assigned": 1, "resolved": 2}, "outcomes": {"repaired": 2}, "actions_done": 1, "actions_open": 2, "step_backs": 0, "cleared": 1,
        "repaired": Share(2, 7), "improved": Share(None, None), **more,
    })  # fmt: skip


def part(**more) -> summary.Part:
    frame = charts.weeks_of_stagnation([(SINCE, "any", 2)], {SINCE}, since=SINCE, until=TODAY)
    curves = {"discussed": survival.curve([(4, True, 3)]), "acted": survival.curve([(4, False, 3)])}
    return summary.Part(**{"month": month(), "top": [case()], "weeks": frame, "curves": curves, **more})


def test_the_page_says_what_is_up_how_long_it_takes_what_was_dealt_with_and_what_went_well():
    (team,) = summary.data([part()], month=TODAY, today=TODAY)["teams"]
    assert team["now"] == "3 cases with a flag up today, 1 of them to be looked at first; 2 actions open."
    assert team["rules"] == [["Open rupture waits", "3", "1 September", "30 days"]]
    assert team["top"] == ["C-1001, Ann Ash: review, for 7 days, Open rupture waits"]
    assert team["dealt"] == ["1 flag given to somebody", "2 flags dealt with: repaired", "1 action done"]
    assert team["well"][:2] == [
        "1 flag went because its rule no longer held", "2 of 7 ruptures that were open in the month repaired, at least in part"
    ]  # fmt: skip
    assert team["well"][2] == "Reliable improvements: too few people or entries to be shown by number"
    assert team["medians"] == [
        "until talked about: for half of them within 4 days",
        "until something was agreed: not reached yet for half of them",
    ]


def test_a_week_of_which_nothing_is_known_is_explained_where_there_is_one():
    known = part().weeks
    gap = known.assign(known=[False] + [True] * (len(known) - 1))
    said = [
        summary.data([part(weeks=frame)], month=TODAY, today=TODAY)["teams"][0]["chart_words"]
        for frame in (known.assign(known=True), gap)
    ]
    assert said == [
        "Cases that stood still at the end of each week.",
        "Cases that stood still at the end of each week; a dashed place is a week of which nothing is known.",
    ]


def test_a_quiet_team_is_said_in_words():
    quiet = month(cases=0, first=0, rules=(), work={}, outcomes={}, actions_done=0, cleared=0)
    (team,) = summary.data([part(month=quiet, top=[])], month=TODAY, today=TODAY)["teams"]
    assert team["now"] == "No case has a flag up today."
    assert team["dealt"] == ["Nothing was noted."]
    assert team["well"][0] == "No flag went"


NASTY = '#x $y$ *z* _u_ `v` <w> @q [r] \\ // " #panic(1)'


def test_a_sign_of_markup_in_a_name_or_code_stays_a_sign():
    """What typst would have run as code, it sets as text: the document asks for it back and gets it unchanged."""
    content = summary.data(
        [part(month=month(team_name=NASTY), top=[case(code="#C-1", therapist=NASTY)])],
        month=TODAY,
        today=TODAY,
    )
    found = heading_texts(content)
    assert found == [NASTY]
    (page,) = paper.compiled(summary.TEMPLATE, content, "svg")
    assert page.lstrip().startswith(b"<svg")


def heading_texts(content) -> list[str]:
    """The names of teams as they stand in the document that typst made of the template."""
    import json

    source = paper.source(summary.TEMPLATE).decode() + (
        "\n#context { for it in query(heading.where(level: 2)) [#metadata(it.body.text) <team>] }"
    )
    answer = typst.query(
        source.encode(),
        "<team>",
        field="value",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(content)},
    )
    return json.loads(answer)


@pytest.mark.parametrize("teams", [1, 2])
def test_one_or_two_teams_fit_on_one_page(teams):
    full = part(
        month=month(rules=tuple(Up(f"R{n}", n, date(2026, 9, 1), n) for n in range(1, 12))), top=[case(f"C-{n}") for n in range(6)]
    )  # fmt: skip
    content = summary.data([full] * teams, month=TODAY, today=TODAY)
    assert len(paper.compiled(summary.TEMPLATE, content, "svg")) == 1
    assert summary.pdf([full] * teams, month=TODAY, today=TODAY).startswith(b"%PDF-")


def test_the_small_picture_leaves_unknown_weeks_open_and_draws_zero_as_nothing():
    made = svg.bars(["W1", "W2", "W3"], [2, None, 0])
    assert made.count("<rect") == 2
    assert made.count("stroke-dasharray") == 1
    assert 'height="0.0"' in made
    assert svg.bars([], []).startswith("<svg")
    assert "&lt;b&gt;" in svg.bars(["<b>", "x"], [1, 1])


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Standing(), "No case has a flag up today."),
        (Standing(1, 1, 1, 1), "1 case has a flag up in 1 team; 1 is to be looked at first; 1 has not been discussed"),
        (Standing(12, 2, 3, 5), "12 cases have a flag up in 2 teams; 3 are to be looked at first; 5 have not been discussed"),
        (Standing(4, 1, 0, 0), "4 cases have a flag up in 1 team."),
    ],
)  # fmt: skip
def test_how_things_stand_is_one_sentence(found, says):
    assert words.standing(found).startswith(says)


def test_a_flag_that_came_back_says_so_and_one_that_rests_says_until_when():
    assert words.came_back(flag(spell=2), TODAY) == "came back"
    assert words.came_back(flag(spell=3), TODAY) == "came back for the 2nd time"
    assert words.came_back(flag(spell=5), TODAY) == "came back for the 4th time"
    assert words.came_back(flag(mine="snoozed", rests_until=TODAY), TODAY) == "its rest is over"
    assert words.came_back(flag(), TODAY) == ""
    resting = flag(mine="snoozed", rests_until=date(2026, 12, 1))
    assert words.own_view(resting, TODAY) == "rests in your list until 1 December"


def test_who_is_on_it_and_what_is_open_is_said_with_days():
    one = case(
        assigned=({"to": "Sue", "due_on": "2026-12-02"},), actions=({"age": 12, "due_on": None, "owner": "Ann"},), discussed_on=date(2026, 10, 21)
    )  # fmt: skip
    assert words.on_it(one.assigned, TODAY) == "Given to Sue, by 2 December"
    assert words.actions(one.actions, TODAY) == "1 action open: Ann, agreed 12 days ago"
    assert words.discussed(one.discussed_on, TODAY) == "Last discussed 5 weeks ago"
    row = words.row(one, TODAY)
    assert (row["Case"], row["Days"], row["Given to"], row["Next due"], row["Last discussed"]) == (
        "C-1001",
        7,
        "Sue",
        "2026-12-02",
        "2026-10-21",
    )
    assert row["Made up of"] == "4 Open rupture waits = 4"
