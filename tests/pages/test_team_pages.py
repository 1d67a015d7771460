"""The pages about a team: trends, prompts, shared reflections, the lead's overview, the administrator's thresholds."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from services import cases, episodes, prompts, reflections, ruptures, teams, weeks
from services.reflections import Part
from tests.pages.conftest import ROOT, App, Somebody, pick, press, today, words


@dataclass
class Team:
    """Four therapists who wrote for fourteen weeks; `rupture` and `episode` are the first one's."""

    therapists: list[Somebody]
    supervisor: Somebody
    lead: Somebody
    admin: Somebody
    rupture: UUID
    code: str


@pytest.fixture
def team(app: App) -> Team:
    """Small enough to be quick, large enough for the safe view."""
    home = app.team()
    therapists = [
        app.person("therapist", name=name, team=home)
        for name in ("Ann Ash", "Ben Birch", "Cem Cedar", "Dora Elm")
    ]
    for person in therapists:
        case = cases.open(person.outbox, team=home, code="C-1001")
        for back in range(14, 0, -1):
            week = weeks.monday(today()) - weeks.WEEK * back
            episodes.log(
                person.outbox, team=home, case=UUID(case.entity), happened_on=week, kind="stalled", first_blame="neither", today=today(),
                ratings={1: 1, 2: 3}, next_move="insisted", note="the words of the note",
            )  # fmt: skip
        ruptures.open(
            person.outbox,
            team=home,
            case=UUID(case.entity),
            kind="withdrawal",
            noticed_on=today() - timedelta(days=23),
            today=today(),
        )
    reflections.hand_in(
        therapists[0].outbox, therapist=therapists[0].id, team=home, week=weeks.monday(today()) - weeks.WEEK, ratings={1: 2, 3: None},
        behaviours=["interested"], based_on=0, today=today(),
        parts={"strength": Part("kept to myself"), "shared_text": Part("please look at the pace", shared=True), "frustration": Part(3, shared=True)},
    )  # fmt: skip
    for person in therapists:
        person.synced()
        assert not person.outbox.parked()
    supervisor = app.person("supervisor", name="Sue Spruce", team=home)
    found = ruptures.open_in(supervisor.db, team=home, therapist=therapists[0].id)
    return Team(
        therapists, supervisor, app.person("lead", name="Lee Larch", team=home), app.person("admin", name="Ada Alder", team=home),
        found[0].id, "C-1001",
    )  # fmt: skip


def charts(at) -> list[str]:
    """What each figure says to somebody who cannot see it."""
    return [chart.proto.alt for chart in at.get("plotly_chart")]


def test_trends_show_five_figures_with_their_words(team):
    at = team.supervisor.visits("team_trends")
    assert not at.exception
    said = charts(at)
    assert len(said) == 5
    assert any("episodes" in words for words in said)
    assert "at least 3 therapists and 5 entries" in words(at)


@pytest.mark.parametrize("who", ["therapists", "lead"])
def test_only_a_supervisor_is_offered_exact_values(team, who):
    somebody = team.therapists[0] if who == "therapists" else team.lead
    at = somebody.visits("team_trends")
    assert not at.exception
    assert len(at.toggle) == 0
    assert len(charts(at)) == 5


def test_exact_values_come_with_a_warning_and_the_open_ruptures(team):
    at = team.supervisor.visits("team_trends")
    at.toggle(key="team_trends_exact").set_value(True).run()
    assert not at.exception
    assert "do not share this screen" in words(at)
    assert any(team.code in said for said in charts(at))


def test_a_period_with_nothing_to_show_says_so(app):
    at = app.person("supervisor").visits("team_trends")
    assert not at.exception
    assert "Nothing to show for these weeks yet" in words(at)
    assert charts(at) == []


def test_prompts_fit_the_rupture_and_say_why_now(team):
    at = team.supervisor.visits("discussion_prompts")
    assert not at.exception
    page = words(at)
    assert f"{team.code}: withdrawal rupture, open for 23 days" in page.replace("\\", "")
    assert "Why now:" in page
    assert "A sentence to try:" in page
    assert "the words of the note" not in page  # it was not shared


def test_stages_come_in_their_order_and_narrow_the_prompts(team):
    at = team.supervisor.visits("discussion_prompts")
    stages = at.button_group(key=f"prompts_stage_{subject(at)}")
    assert stages.options == ["Validate and explore", "Own contribution", "What might be protected", "Later"]
    first = words(at)
    pick(at, f"prompts_stage_{subject(at)}", "later")
    assert not at.exception
    assert words(at) != first


def subject(at) -> str:
    """The id of what the page is about."""
    return next(
        group.key for group in at.button_group if group.key.startswith("prompts_stage_")
    ).removeprefix("prompts_stage_")


def test_a_prompt_that_helped_is_recorded_once_with_its_note(team):
    at = team.supervisor.visits("discussion_prompts")
    note = next(box for box in at.text_input if box.key.endswith("_note"))
    note.set_value("she could say what she missed").run()
    press(at, note.key.removesuffix("_note") + "_helped")
    assert not at.exception
    team.supervisor.synced()
    (use,) = prompts.uses(team.supervisor.db, team=team.supervisor.team)
    assert (use.verdict, use.note, use.code) == ("helped", "she could say what she missed", team.code)
    again = team.supervisor.visits("discussion_prompts")
    assert "In this team: helped 1 time" in words(again).replace("\\", "")


def test_a_note_that_may_identify_someone_is_asked_about_first(team):
    at = team.supervisor.visits("discussion_prompts")
    note = next(box for box in at.text_input if box.key.endswith("_note"))
    note.set_value("Mrs Miller was moved").run()
    helped = note.key.removesuffix("_note") + "_helped"
    press(at, helped)
    assert "a name with a title" in words(at)
    assert team.supervisor.saved("prompt.mark") == []
    press(at, helped)
    assert len(team.supervisor.saved("prompt.mark")) == 1


def test_pressing_a_mark_twice_records_it_once(team):
    at = team.supervisor.visits("discussion_prompts")
    used = next(button.key for button in at.button if button.key and button.key.endswith("_used"))
    press(press(at, used), used)
    assert len(team.supervisor.saved("prompt.mark")) == 1


def test_a_note_to_a_prompt_survives_until_it_is_marked(team):
    at = team.supervisor.visits("discussion_prompts")
    box = next(box for box in at.text_input if box.key.endswith("_note"))
    box.set_value("half a thought").run()
    again = team.supervisor.visits("discussion_prompts")
    assert again.text_input(key=box.key).value == "half a thought"


@pytest.mark.parametrize(("kind", "says"), [("episode", "Stalled work"), ("theme", "Team theme: Rapport")])
def test_an_episode_or_a_theme_can_be_talked_about(team, kind, says):
    at = pick(team.supervisor.visits("discussion_prompts"), "prompts_kind", kind)
    assert not at.exception
    assert says in words(at).replace("\\", "")
    assert "How we will know:" in words(at)


def test_without_anything_logged_there_is_a_way_to_begin(app):
    at = app.person("supervisor").visits("discussion_prompts")
    assert not at.exception
    assert "Nothing to talk about here yet" in words(at)


def test_a_supervisor_reads_what_was_shared_and_marks_it_as_read(team):
    at = team.supervisor.visits("shared_reflections")
    assert not at.exception
    page = words(at)
    assert "please look at the pace" in page
    assert "3 · a lot" in page.replace("\\", "")
    assert "kept to myself" not in page
    press(at, next(button.key for button in at.button if button.key and button.key.endswith("_read")))
    team.supervisor.synced()
    ann = team.therapists[0]
    read = reflections.of_week(ann.db, therapist=ann.id, team=ann.team, week=today() - weeks.WEEK)
    assert read.read_at is not None


def test_a_week_without_reflections_is_said(app):
    at = app.person("supervisor").visits("shared_reflections")
    assert not at.exception
    assert "Nothing handed in for this week yet" in words(at)


def test_a_part_of_unknown_shape_is_shown_as_it_is(team, app):
    app.sql.execute(
        "update public.reflection_parts set content = '{\"value\": [\"rage\", 7]}', shared = true where therapist_id = %s and part = 'strength'",
        (team.therapists[0].id,),
    )
    at = team.supervisor.visits("shared_reflections")
    assert not at.exception
    assert "rage" in words(at)


def test_a_lead_sees_counts_ages_and_codes(team):
    at = team.lead.visits("overview")
    assert not at.exception
    shown = {metric.label: metric.value for metric in at.metric}
    assert shown["Therapists"] == "4"
    assert shown["Open ruptures"] == "4"
    assert shown["Open without a recent step"] == "4"
    assert any("23 days" in said for said in charts(at))
    assert "the words of the note" not in words(at)
    assert not any(person.name in words(at) for person in team.therapists)


def test_a_lead_of_a_silent_team_is_told_that_silence_says_nothing(app):
    at = app.person("lead").visits("overview")
    assert not at.exception
    assert "not the same as nothing having happened" in words(at)


def test_an_administrator_sets_a_threshold(team):
    at = team.admin.visits("team_settings")
    assert not at.exception
    assert at.button(key="team_settings_save").disabled
    at.number_input(key=f"team_settings_{team.admin.team}_rupture_open_days").set_value(21).run()
    press(at, "team_settings_save")
    assert not at.exception
    assert teams.settings(team.supervisor.db, team=team.admin.team).rupture_open_days == 21


def test_what_a_threshold_would_do_is_shown_before_it_is_saved_and_the_change_afterwards(team):
    at = team.admin.visits("team_settings")
    said = words(at)
    assert "What it would do" not in said
    assert "Nothing has been changed yet." in said
    at.number_input(key=f"team_settings_{team.admin.team}_rupture_open_days").set_value(40).run()
    said = words(at)
    assert "What it would do" in said
    assert "4 flags would go down" in said
    (table,) = at.table
    assert list(table.value.loc["R5 Open rupture waits"]) == [0, 0, 4]
    press(at, "team_settings_save")
    said = words(at).replace("\\", "")
    assert "R5: days without a repair step: 14 → 40" in said
    assert team.admin.name in said
    assert "What it would do" not in said


def test_thresholds_that_do_not_go_together_are_refused_beside_the_button(team):
    at = team.admin.visits("team_settings")
    at.number_input(key=f"team_settings_{team.admin.team}_sessions_watch").set_value(12).run()
    press(at, "team_settings_save")
    assert not at.exception
    assert "go up from watch to review" in words(at)
    assert at.number_input(key=f"team_settings_{team.admin.team}_sessions_watch").value == 12


def test_trends_stay_on_screen_and_say_since_when_they_stand(app, team):
    at = team.supervisor.visits("team_trends")
    before = charts(at)
    app.loses_the_database()
    at.run()
    assert not at.exception
    assert charts(at) == before
    assert "These numbers stand as they were today at" in words(at)


def test_trends_that_were_never_seen_say_why(app, team):
    visitor = team.supervisor.visits("home")
    app.loses_the_database()
    at = visitor.switch_page(str(ROOT / "pages" / "team_trends.py")).run()
    assert not at.exception
    assert "cannot be reached" in words(at)
    assert charts(at) == []


@pytest.mark.parametrize("page", ["discussion_prompts", "shared_reflections"])
def test_without_the_database_a_page_says_so(app, team, page):
    at = team.supervisor.visits(page)
    app.loses_the_database()
    at.run()
    assert not at.exception
    assert "cannot be reached" in words(at)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("supervisor", "overview"), ("supervisor", "team_settings"), ("supervisor", "log_episode"), ("lead", "discussion_prompts"),
        ("lead", "shared_reflections"), ("lead", "home"), ("admin", "team_trends"), ("admin", "overview"), ("therapist", "shared_reflections"),
    ],
)  # fmt: skip
def test_a_page_of_another_role_is_not_there(app, who, page):
    with pytest.raises(ValueError, match=r"(?i)page"):
        app.person(who).visits(page)
