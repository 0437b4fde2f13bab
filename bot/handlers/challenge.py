"""Project challenges: show, join, share, see what others built."""

from __future__ import annotations

from bot.chat.commands import Command, Option
from bot.chat.replies import FormErrors, OpenForm, Pace, Reply, Say
from bot.domain.links import LINK_LENGTH, BadLink, read_link
from bot.domain.model import (
    ActivityKind,
    ChallengeEntry,
    Group,
    Member,
    PostKind,
    Submission,
)
from bot.domain.projects import lap_of, project_ahead
from bot.domain.scoring import POINTS_OF_ACT
from bot.errors import UserError
from bot.handlers.served_posts import was_posted
from bot.routing import STALE, Routes, Turn, Writes
from bot.services.membership import group_of, is_from_before, member_of, take_part
from bot.services.streaks import Act, Streak
from bot.views.challenge import (
    LEARNED_LENGTH,
    Stage,
    built_message,
    challenge_details,
    challenge_message,
    submission_form,
)
from bot.views.common import notice, plain
from bot.views.gain import gain
from content.model import Challenge

routes = Routes()

FROM_BEFORE = "It earns no points, because this project was posted before your data was deleted."
NOT_YET = "This project hasn't been posted in your group yet. Come back once it has."
SHARED_ALREADY = "You've shared this already. See what others built with /challenge list."
BUILT_SHOWN = 10
MOST_VERSIONS = 20
"""Of what a member shares for one project: a kilobyte each, kept as facts."""

ENOUGH_VERSIONS = (
    f"You've shared {MOST_VERSIONS} versions of this, and I can't keep more. "
    "The group sees your latest one."
)


@routes.command(Command("challenge show", "See the current project", default=True), writes=Writes.NEVER)
@routes.action("challenge.show", navigates=True, writes=Writes.NEVER)
async def show(turn: Turn) -> Reply:
    """The challenge with its numbers."""
    group, challenge = await _challenge(turn)
    community = turn.unit.community
    stage = await _stage(turn, group, challenge)
    joined = await community.count_entries(group.id, challenge.id)
    built = await community.count_submissions(group.id, challenge.id)
    return Say(challenge_message(challenge, joined, built, stage))


@routes.action("challenge.details", navigates=True, writes=Writes.NEVER)
async def details(turn: Turn) -> Reply:
    """Everything about it."""
    group, challenge = await _challenge(turn)
    return Say(challenge_details(challenge, await _stage(turn, group, challenge)))


@routes.command(Command("challenge join", "Join the current project"))
@routes.action("challenge.join")
async def join(turn: Turn) -> Reply:
    """Take part, in a project that was posted or that comes next."""
    group, challenge = await _challenge(turn)
    if await _stage(turn, group, challenge) is Stage.LATER:
        raise UserError(NOT_YET)
    member = await member_of(turn)
    joined = await turn.unit.community.entry(group.id, challenge.id, member.id)
    if joined and group.id in await turn.unit.members.groups_of(member.id):
        return Say(notice(f"You've already joined {challenge.title}."))
    await _enter(turn, group, challenge, member)
    first = challenge.milestones[0]
    return Say(
        notice(
            f"You're in! {challenge.title}. First milestone (day {first.day}): {plain(first.deliverable)}"
        )
    )


@routes.command(
    Command(
        "challenge submit",
        "Share what you built and what you learned",
        (
            Option("link", "A link to it, such as https://…", max_length=LINK_LENGTH),
            Option("learned", "What you learned", max_length=LEARNED_LENGTH),
        ),
    ),
    pace=Pace.OPENS_FORM,
    writes=Writes.WITH_OPTIONS,
)
async def submit(turn: Turn) -> Reply:
    """With both options at once, else by a form."""
    group, challenge = await _posted_challenge(turn)
    link, learned = turn.args.get("link", ""), turn.args.get("learned", "")
    if not (link and learned):
        return OpenForm(submission_form(challenge, link, learned))
    address, problems = _checked(link, learned)
    if problems:
        raise UserError(" ".join(problems.values()))
    return await _share(turn, group, challenge, address, learned)


@routes.action("challenge.submit", pace=Pace.OPENS_FORM, writes=Writes.NEVER)
async def open_form(turn: Turn) -> Reply:
    """The form, from a button."""
    _, challenge = await _posted_challenge(turn)
    return OpenForm(submission_form(challenge))


@routes.action("challenge.built")
async def form_sent(turn: Turn) -> Reply:
    """The form handed in."""
    group, challenge = await _posted_challenge(turn)
    link, learned = (turn.values.get(name, "").strip() for name in ("link", "learned"))
    address, problems = _checked(link, learned)
    if problems:
        return FormErrors(submission_form(challenge, link, learned), problems)
    return await _share(turn, group, challenge, address, learned)


@routes.command(Command("challenge remove", "Remove the project you shared"))
@routes.action("challenge.remove")
async def remove(turn: Turn) -> Reply:
    """Every version goes; the points stay."""
    group, challenge = await _challenge(turn)
    member = await member_of(turn)
    if not await turn.unit.community.take_back(group.id, challenge.id, member.id):
        raise UserError(f"You haven't shared anything for {challenge.title}.")
    await _refresh_post(turn, group, challenge)
    return Say(notice(f"Removed. What you shared for {challenge.title} is deleted. You keep your points."))


@routes.command(Command("challenge list", "See what others built"), writes=Writes.NEVER)
@routes.action("challenge.list", navigates=True, writes=Writes.NEVER)
async def built(turn: Turn) -> Reply:
    """What members of this group built."""
    group, challenge = await _challenge(turn)
    community, skip = turn.unit.community, turn.number("n") if "n" in turn.args else 0
    submissions = await community.submissions(group.id, challenge.id, BUILT_SHOWN, skip)
    total = await community.count_submissions(group.id, challenge.id)
    stage = await _stage(turn, group, challenge)
    member = await turn.unit.members.find(turn.origin.user)
    own = member and await community.submission(group.id, challenge.id, member.id)
    return Say(built_message(challenge, submissions, total, skip, stage, own=bool(own)))


async def _challenge(turn: Turn) -> tuple[Group, Challenge]:
    """The challenge that a button names, else the group's newest, else the one that would come next."""
    group = await group_of(turn)
    pack = turn.library.pack(group.pack)
    named = turn.args.get("c")
    if named is not None:
        challenge = pack.challenge(named)
        if challenge is None:
            raise UserError(STALE)
        return group, challenge
    posted = await turn.unit.posts.open_of(group.id, PostKind.CHALLENGE)
    if posted and (challenge := pack.challenge(posted.content_id)):
        return group, challenge
    found = await _ahead(turn, group)
    if found is None:
        raise UserError("This roadmap doesn't have a project yet.")
    return group, found


async def _posted_challenge(turn: Turn) -> tuple[Group, Challenge]:
    """Return the challenge to share something for. Raises UserError for one that the group has not had."""
    group, challenge = await _challenge(turn)
    if await _stage(turn, group, challenge) is not Stage.POSTED:
        raise UserError(NOT_YET)
    return group, challenge


async def _stage(turn: Turn, group: Group, challenge: Challenge) -> Stage:
    if await was_posted(turn, group, PostKind.CHALLENGE, challenge.id):
        return Stage.POSTED
    return Stage.NEXT if challenge == await _ahead(turn, group) else Stage.LATER


async def _ahead(turn: Turn, group: Group) -> Challenge | None:
    pack = turn.library.pack(group.pack)
    prompts = await turn.unit.posts.served(group.id, PostKind.PROMPT)
    return project_ahead(pack, lap_of(pack, prompts, ()))


async def _enter(turn: Turn, group: Group, challenge: Challenge, member: Member) -> None:
    await take_part(turn, group, member)
    await turn.unit.community.add_entry(ChallengeEntry(group.id, challenge.id, member.id, turn.now))
    await _refresh_post(turn, group, challenge)


async def _share(turn: Turn, group: Group, challenge: Challenge, link: str, learned: str) -> Reply:
    member = await member_of(turn)
    newest = await turn.unit.community.submission(group.id, challenge.id, member.id)
    if newest and (newest.url, newest.learned) == (link, learned):
        await _enter(turn, group, challenge, member)  # they may have left the group since
        return Say(notice(SHARED_ALREADY))
    if await turn.unit.community.count_versions(group.id, challenge.id, member.id) >= MOST_VERSIONS:
        raise UserError(ENOUGH_VERSIONS)
    streak = await Streak.open(turn, member)
    await _enter(turn, group, challenge, member)
    turn.unit.community.add_submission(
        Submission(turn.origin.event_id, group.id, challenge.id, member.id, link, learned, turn.now)
    )
    post = await turn.unit.posts.newest_of(group.id, PostKind.CHALLENGE, challenge.id)
    again = post is not None and await is_from_before(turn, post)
    points = 0 if again else POINTS_OF_ACT[ActivityKind.SUBMISSION]
    key = f"built:{group.id}:{challenge.id}"
    first = await streak.count(Act(ActivityKind.SUBMISSION, key, points), group)
    if not first:
        said = "Updated. The group now sees your new version."
    elif not points:
        said = f"Shared with the group. {FROM_BEFORE}"
    else:
        said = f"Shared with the group. {gain(points, streak.summary, streak.last_days)}."
    return Say(notice(f"{said} See what everyone built with /challenge list."))


async def _refresh_post(turn: Turn, group: Group, challenge: Challenge) -> None:
    """The newest post of this challenge, which may not be the group's newest challenge."""
    post = await turn.unit.posts.newest_of(group.id, PostKind.CHALLENGE, challenge.id)
    if post:
        await turn.unit.posts.mark_changed(post.id)


def _checked(link: str, learned: str) -> tuple[str, dict[str, str]]:
    """The address to share, and what is wrong with the submission: a sentence for each field."""
    found: dict[str, str] = {}
    try:
        link = read_link(link)
    except BadLink as error:
        found["link"] = str(error)
    if not learned:
        found["learned"] = "Say in a sentence what you learned. That helps others most."
    elif len(learned) > LEARNED_LENGTH:
        found["learned"] = f"That's too long. Use up to {LEARNED_LENGTH} characters."
    return link, found
