"""Selection of the next question for a group and a member, from a tiny pack made here."""

from collections import Counter

import pytest

from bot.domain.mastery import Mastery, of_roadmap, of_topic
from bot.domain.model import (
    ActivityKind,
    Met,
    TopicTally,
)
from bot.domain.questions import control
from bot.domain.reasons import ChoiceReason
from bot.domain.scoring import POINTS_OF_ACT, Period, period_key, period_keys, points_of_answer
from bot.domain.selection import (
    APART,
    choose_practice,
    choose_prompt,
    choose_question,
    seed_of,
)
from bot.views.questions import ShownQuestion, question_message
from content.kinds import SingleQuestion, TrueFalseQuestion
from content.model import Challenge, Hours, Option, Pack, Prompt, Roadmap, Status, Step, Topic
from tests.support.people import MONDAY, items_of, shipped_library

TOPICS = ("a", "b", "c", "d", "e", "f")


def a_question(id_, *, difficulty=2, status=Status.ACTIVE, type_="single", options=4):
    made = tuple(
        Option.model_construct(id=f"o{n}", text=f"Option {n}", correct=n == 0, feedback="")
        for n in range(options)
    )
    kind = TrueFalseQuestion if type_ == "truefalse" else SingleQuestion
    return kind.model_construct(
        id=id_, rev=3, status=status, difficulty=difficulty, type=type_, options=made
    )


def a_pack(questions=None, prompts=None, challenges=None):
    """Two steps with three topics each; two questions a topic, unless given otherwise."""
    if questions is None:
        questions = {t: (a_question(f"{t}1"), a_question(f"{t}2", difficulty=1)) for t in TOPICS}
    if prompts is None:
        prompts = {t: (a_prompt(t),) for t in TOPICS}
    topics = [Topic(id=t, title=t.upper(), article_term=t) for t in TOPICS]
    goal = "Know what there is to know."
    steps = (
        Step(id="one", title="One", goal=goal, topics=topics[:3]),
        Step(id="two", title="Two", goal=goal, topics=topics[3:]),
    )
    return Pack.model_construct(
        info=None,
        roadmap=Roadmap(source="An article", steps=steps),
        questions=questions,
        prompts=prompts,
        challenges=challenges or {},
    )


def a_prompt(topic, status=Status.ACTIVE, *, name="prompt"):
    return Prompt.model_construct(id=f"{topic}-{name}", rev=2, status=status)


def a_challenge(step, status=Status.ACTIVE, *, days=7, needs=(), name="project", hours=4):
    return Challenge.model_construct(
        id=f"{step}-{name}",
        rev=1,
        status=status,
        step=step,
        days=days,
        prerequisites=needs,
        hours=Hours(low=hours, high=8),
    )


def served_in(pack, rounds, prompted=frozenset()):
    """The (topic, question) pairs of so many questions in a row, oldest first."""
    served = []
    for _ in range(rounds):
        chosen = choose_question(pack, list(reversed(served)), prompted)
        served.append((chosen.topic, chosen.content_id))
    return served


def test_topics_come_in_roadmap_order_and_go_round():
    topics = [topic for topic, _ in served_in(a_pack(), 12)]
    assert topics == [*TOPICS, *TOPICS]


def test_no_topic_returns_within_three_questions():
    topics = [topic for topic, _ in served_in(a_pack(), 40, {"a"})]
    assert set(topics) == set("abcd")
    for place, topic in enumerate(topics):
        assert topic not in topics[max(place - APART, 0) : place]


def test_where_there_are_too_few_topics_the_oldest_returns():
    pack = a_pack(questions={t: (a_question(t),) for t in "ab"})
    assert [topic for topic, _ in served_in(pack, 5)] == ["a", "b", "a", "b", "a"]


def test_the_least_recently_served_topic_comes_first():
    served = [("f", "f1"), ("e", "e1"), ("b", "b1"), ("a", "a1"), ("d", "d1"), ("c", "c1")]
    assert choose_question(a_pack(), served, frozenset()).topic == "c"


def test_a_topic_never_served_comes_before_all_others():
    served = [("a", "a1"), ("b", "b1"), ("c", "c1"), ("d", "d1"), ("f", "f1")]
    assert choose_question(a_pack(), served, frozenset()).topic == "e"


def test_an_unseen_variant_comes_before_a_seen_one_and_the_easiest_first():
    variants = [question for topic, question in served_in(a_pack(), 18) if topic == "a"]
    assert variants == ["a2", "a1", "a2"]


@pytest.mark.parametrize("status", [Status.RETIRED, Status.DRAFT])
def test_a_question_that_is_not_active_is_never_served(status):
    questions = {t: (a_question(f"{t}1", status=status), a_question(f"{t}2")) for t in TOPICS}
    questions["a"] = (a_question("a1", status=status),)
    served = served_in(a_pack(questions), 20)
    assert {question for _, question in served} == {f"{t}2" for t in TOPICS[1:]}


def test_the_reason_tells_when_it_was_served_and_what_is_open():
    pack = a_pack()
    first = choose_question(pack, [], {"a"})
    assert (first.reason, first.figures) == (ChoiceReason.ROTATION, (0, 4, 6))
    assert (first.content_id, first.rev) == ("a2", 3)
    again = choose_question(pack, [("d", "d1"), ("c", "c1"), ("b", "b1"), ("a", "a1")], {"a"})
    assert (again.reason, again.figures) == (ChoiceReason.ROTATION, (4, 4, 6))


@pytest.mark.parametrize(
    ("prompted", "opened"),
    [({"a"}, "abcd"), ({"a", "b", "c", "d"}, "abcd"), ({"e"}, "abcde"), (set(), "abcdef"), ({"x"}, "abcd")],
)
def test_prompts_open_topics_with_a_head_start_and_without_prompts_all_are_open(prompted, opened):
    topics = {topic for topic, _ in served_in(a_pack(), 14, prompted)}
    assert topics == set(opened)


def test_a_pack_without_active_questions_has_none_to_choose():
    assert choose_question(a_pack(questions={}), [], frozenset()) is None
    assert choose_practice(a_pack(questions={}), None, {}) is None


def test_a_question_that_is_still_open_is_not_asked_again():
    pack = a_pack(questions={t: (a_question(f"{t}1"), a_question(f"{t}2")) for t in "ab"})
    served, waiting = [], set()
    while chosen := choose_question(pack, served, frozenset(), waiting):
        assert chosen.content_id not in waiting
        served.insert(0, (chosen.topic, chosen.content_id))
        waiting.add(chosen.content_id)
    assert waiting == {"a1", "a2", "b1", "b2"}


def test_where_all_that_is_reached_is_open_the_next_topic_comes():
    questions = {t: (a_question(t),) for t in TOPICS}
    waiting = {"a", "b", "c", "d"}
    assert choose_question(a_pack(questions), [], {"a"}, waiting).topic == "e"


def test_prompts_follow_the_roadmap_and_wrap_round():
    pack, prompted = a_pack(), []
    for _ in range(8):
        chosen = choose_prompt(pack, prompted)
        prompted.insert(0, (chosen.topic, chosen.content_id))
    assert [topic for topic, _ in reversed(prompted)] == [*TOPICS, "a", "b"]


def test_each_lap_brings_the_prompt_of_a_topic_that_the_group_had_least_recently():
    names = ("first", "second", "third")
    pack = a_pack(prompts={t: tuple(a_prompt(t, name=name) for name in names) for t in "ab"})
    prompted = []
    for _ in range(8):
        chosen = choose_prompt(pack, prompted)
        prompted.insert(0, (chosen.topic, chosen.content_id))
    laps = [prompt_id.partition("-")[2] for topic, prompt_id in reversed(prompted) if topic == "b"]
    assert laps == ["first", "second", "third", "first"]


def test_of_a_topics_prompts_only_active_ones_come():
    drafts = (a_prompt("a", Status.DRAFT), a_prompt("a", Status.RETIRED, name="old"))
    pack = a_pack(prompts={"a": (*drafts, a_prompt("a", name="new")), "b": drafts})
    had = [("a", "a-new")]
    assert choose_prompt(pack, []).content_id == choose_prompt(pack, had).content_id == "a-new"


def test_a_prompt_names_its_stop():
    chosen = choose_prompt(a_pack(), [("b", "b-prompt"), ("a", "a-prompt")])
    assert (chosen.topic, chosen.content_id, chosen.rev) == ("c", "c-prompt", 2)
    assert (chosen.reason, chosen.figures) == (ChoiceReason.STOP, (3, 6))


def test_a_retired_prompt_is_passed_over_and_does_not_send_the_group_back():
    prompts = {t: (a_prompt(t),) for t in TOPICS} | {"c": (a_prompt("c", Status.RETIRED),)}
    had = [("c", "c-prompt"), ("b", "b-prompt"), ("a", "a-prompt")]
    assert choose_prompt(a_pack(prompts=prompts), had[1:]).topic == "d"
    assert choose_prompt(a_pack(prompts=prompts), had).topic == "d"


def test_a_pack_without_prompts_has_none_to_choose():
    assert choose_prompt(a_pack(prompts={}), []) is None


def test_practice_takes_what_the_member_answered_least():
    pack, met = a_pack(), {}
    for practice in range(1, 13):
        question = choose_practice(pack, None, met).id
        met[question] = Met(met[question].times + 1 if question in met else 1, practice)
    assert {each.times for each in met.values()} == {1}
    assert choose_practice(pack, "d", {"d1": Met(1), "d2": Met(2)}).id == "d1"


def test_the_order_of_the_options_differs_between_posts_and_never_for_one():
    question = a_question("q")
    orders = {_order(question, seed) for seed in range(200)}
    assert len(orders) == 24
    assert _order(question, 7) == ("o0", "o2", "o3", "o1")


def test_the_key_comes_to_every_letter_about_as_often():
    question = a_question("q")
    places = Counter(_order(question, seed).index(question.key.id) for seed in range(1000))
    assert all(200 < places[place] < 300 for place in range(4))


def test_true_and_false_keep_their_places():
    question = a_question("q", type_="truefalse", options=2)
    assert {_order(question, seed) for seed in range(20)} == {("o0", "o1")}


def test_a_seed_is_a_small_number_that_never_changes():
    assert seed_of("1:quiz:2026-03-02") == seed_of("1:quiz:2026-03-02") != seed_of("1:quiz:2026-03-03")
    assert all(0 <= seed_of(str(n)) < 2**31 for n in range(1000))


def test_no_button_of_any_shipped_question_tells_the_key():
    packs = shipped_library().packs.values()
    for question in (q for pack in packs for found in pack.questions.values() for q in found):
        other = next(option for option in question.options if not option.correct)
        swapped = tuple(
            option.model_copy(update={"correct": option is other}) for option in question.options
        )
        asked = _asked(question)
        assert asked == _asked(question.model_copy(update={"options": swapped})), question.id
        assert len(items_of(asked)) == len(question.options)


def _order(question, seed):
    return tuple(offer.id for offer in control(question, seed).offers)


def _asked(question):
    return question_message(ShownQuestion(question, "Topic", 5, "quiz.answer", 17), "Question", "0 answers")


def tally(seen, correct):
    return TopicTally("a", seen, correct, MONDAY)


@pytest.mark.parametrize(
    ("given", "percent"),
    [(None, 0), (tally(0, 0), 0), (tally(1, 0), 0), (tally(1, 1), 50), (tally(9, 9), 90)],
)
def test_mastery_is_sceptical_while_there_are_few_answers(given, percent):
    assert of_topic(given).percent == percent
    assert of_topic(given).seen == int(bool(given and given.seen))


def test_a_step_is_mastered_by_all_its_topics_and_not_by_one():
    found = of_roadmap(a_pack(), {"a": tally(9, 9), "d": tally(0, 0)})
    assert found["one"] == Mastery(30, 1, 3)
    assert found["two"] == Mastery(0, 0, 3)
    assert found["a"].percent == 90


def test_taking_part_earns_and_being_right_earns_more():
    assert [points_of_answer(score) for score in (0, 0.49, 0.5, 0.99, 1)] == [1, 1, 2, 2, 3]
    assert POINTS_OF_ACT[ActivityKind.PRACTICE] == 0


@pytest.mark.parametrize(
    ("day", "keys"),
    [
        ("2026-03-02", ("2026-W10", "2026-03", "all")),
        ("2027-01-01", ("2026-W53", "2027-01", "all")),
        ("2024-12-30", ("2025-W01", "2024-12", "all")),
    ],
)
def test_a_day_belongs_to_its_iso_week_its_month_and_all_time(day, keys):
    date = MONDAY.fromisoformat(day).date()
    assert period_keys(date) == keys
    assert period_key(Period.WEEK, date) == keys[0]
