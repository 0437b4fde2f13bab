"""Handlers of ``/challenge``: show, join, share, see what others built."""

from __future__ import annotations

from bot.chat.commands import Command, CommandOption
from bot.chat.replies import FormErrors, Latency, OpenForm, Reply, Send
from bot.domain.links import LINK_LENGTH, BadLink, read_link
from bot.domain.model import (
    ActivityKind,
    ChallengeEntry,
    Group,
    Member,
    PostKind,
    Submission,
)
from bot.domain.projects import lap_of, project_here
from bot.domain.scoring import POINTS_OF_ACT
from bot.errors import UserError
from bot.handlers.served_posts import was_posted
from bot.routing import STALE, Request, Routes, Writes
from bot.services.membership import group_of, is_from_before, member_of, take_part
from bot.services.streaks import NewActivity, Streak
from bot.views.challenge import (
    LEARNED_LENGTH,
    Stage,
    built_message,
    challenge_details,
    challenge_message,
    starter_message,
    starter_part,
    submission_form,
)
from bot.views.common import plain, text_message
from bot.views.progress import gain
from content.model import Challenge

routes = Routes()

FROM_BEFORE = "It earns no points, because this project was posted before your data was deleted."
NOT_YET = "This project hasn't been posted in your group yet. Come back once it has."
SHARED_ALREADY = "You've shared this already. See what others built with /challenge list."
BUILT_SHOWN = 10
MOST_VERSIONS = 20
"""Versions of what a member shares for one project, at most: a kilobyte each, kept as facts."""

ENOUGH_VERSIONS = (
    f"You've shared {MOST_VERSIONS} versions of this, and I can't keep more. "
    "The group sees your latest one."
)


@routes.command(Command("challenge show", "See the current project", default=True), writes=Writes.NEVER)
@routes.action("challenge.show", navigates=True, writes=Writes.NEVER)
async def show(request: Request) -> Reply:
    """Show the challenge with its numbers."""
    group, challenge = await _challenge(request)
    community = request.unit.community
    stage = await _stage(request, group, challenge)
    joined = await community.count_entries(group.id, challenge.id)
    built = await community.count_submissions(group.id, challenge.id)
    return Send(challenge_message(challenge, joined, built, stage))


@routes.action("challenge.details", navigates=True, writes=Writes.NEVER)
async def details(request: Request) -> Reply:
    """Show everything about the challenge."""
    group, challenge = await _challenge(request)
    return Send(challenge_details(challenge, await _stage(request, group, challenge)))


@routes.action("challenge.files", writes=Writes.NEVER)
async def files(request: Request) -> Reply:
    """Give the starter files."""
    group, challenge = await _challenge(request)
    found = request.library.pack(group.pack).starters.get(challenge.id)
    if not found:
        raise UserError(STALE)
    return Send(starter_message(challenge, found))


@routes.action("challenge.file", writes=Writes.NEVER)
async def file(request: Request) -> Reply:
    """Show a starter file in parts, for chats that show no files."""
    group, challenge = await _challenge(request)
    found = request.library.pack(group.pack).starters.get(challenge.id, ())
    number = request.number("n")
    shown = None
    if 0 < number <= len(found):
        shown = starter_part(challenge, found[number - 1], number, request.number("part"))
    if shown is None:
        raise UserError(STALE)
    return Send(shown)


@routes.command(Command("challenge join", "Join the current project"))
@routes.action("challenge.join")
async def join(request: Request) -> Reply:
    """Take part in a project that was posted or that comes next."""
    group, challenge = await _challenge(request)
    if await _stage(request, group, challenge) is Stage.LATER:
        raise UserError(NOT_YET)
    member = await member_of(request)
    joined = await request.unit.community.entry(group.id, challenge.id, member.id)
    if joined and group.id in await request.unit.members.groups_of(member.id):
        return Send(text_message(f"You've already joined {challenge.title}."))
    await _enter(request, group, challenge, member)
    first = challenge.milestones[0]
    return Send(
        text_message(
            f"You're in! {challenge.title}. First milestone (day {first.day}): {plain(first.deliverable)}"
        )
    )


@routes.command(
    Command(
        "challenge submit",
        "Share what you built and what you learned",
        (
            CommandOption("link", "A link to it, such as https://…", max_length=LINK_LENGTH),
            CommandOption("learned", "What you learned", max_length=LEARNED_LENGTH),
        ),
    ),
    latency=Latency.OPENS_FORM,
    writes=Writes.WITH_OPTIONS,
)
async def submit(request: Request) -> Reply:
    """Share a project: with both options at once, else by a form."""
    group, challenge = await _posted_challenge(request)
    link, learned = request.args.get("link", ""), request.args.get("learned", "")
    if not (link and learned):
        return OpenForm(submission_form(challenge, link, learned))
    address, problems = _checked(link, learned)
    if problems:
        raise UserError(" ".join(problems.values()))
    return await _share(request, group, challenge, address, learned)


@routes.action("challenge.submit", latency=Latency.OPENS_FORM, writes=Writes.NEVER)
async def open_form(request: Request) -> Reply:
    """Open the form for sharing, from a button."""
    _, challenge = await _posted_challenge(request)
    return OpenForm(submission_form(challenge))


@routes.action("challenge.built")
async def form_sent(request: Request) -> Reply:
    """Take the form for sharing."""
    group, challenge = await _posted_challenge(request)
    link, learned = (request.values.get(name, "").strip() for name in ("link", "learned"))
    address, problems = _checked(link, learned)
    if problems:
        return FormErrors(submission_form(challenge, link, learned), problems)
    return await _share(request, group, challenge, address, learned)


@routes.command(Command("challenge remove", "Remove the project you shared"))
@routes.action("challenge.remove")
async def remove(request: Request) -> Reply:
    """Remove every version that the member shared; the points stay."""
    group, challenge = await _challenge(request)
    member = await member_of(request)
    if not await request.unit.community.take_back(group.id, challenge.id, member.id):
        raise UserError(f"You haven't shared anything for {challenge.title}.")
    await _refresh_post(request, group, challenge)
    return Send(
        text_message(f"Removed. What you shared for {challenge.title} is deleted. You keep your points.")
    )


@routes.command(Command("challenge list", "See what others built"), writes=Writes.NEVER)
@routes.action("challenge.list", navigates=True, writes=Writes.NEVER)
async def built(request: Request) -> Reply:
    """Show what members of this group built."""
    group, challenge = await _challenge(request)
    community, skip = request.unit.community, request.number("n") if "n" in request.args else 0
    submissions = await community.submissions(group.id, challenge.id, BUILT_SHOWN, skip)
    total = await community.count_submissions(group.id, challenge.id)
    stage = await _stage(request, group, challenge)
    member = await request.unit.members.find(request.origin.user)
    own = member and await community.submission(group.id, challenge.id, member.id)
    return Send(built_message(challenge, submissions, total, skip, stage, own=bool(own)))


async def _challenge(request: Request) -> tuple[Group, Challenge]:
    """Return the challenge that a button names, else the group's newest, else the next to come."""
    group = await group_of(request)
    pack = request.library.pack(group.pack)
    named = request.args.get("c")
    if named is not None:
        challenge = pack.challenge(named)
        if challenge is None:
            raise UserError(STALE)
        return group, challenge
    posted = await request.unit.posts.open_of(group.id, PostKind.CHALLENGE)
    if posted and (challenge := pack.challenge(posted.content_id)):
        return group, challenge
    found = await _ahead(request, group)
    if found is None:
        raise UserError("This roadmap doesn't have a project yet.")
    return group, found


async def _posted_challenge(request: Request) -> tuple[Group, Challenge]:
    """Return the challenge to share something for. Raises UserError for one that the group has not had."""
    group, challenge = await _challenge(request)
    if await _stage(request, group, challenge) is not Stage.POSTED:
        raise UserError(NOT_YET)
    return group, challenge


async def _stage(request: Request, group: Group, challenge: Challenge) -> Stage:
    if await was_posted(request, group, PostKind.CHALLENGE, challenge.id):
        return Stage.POSTED
    return Stage.NEXT if challenge == await _ahead(request, group) else Stage.LATER


async def _ahead(request: Request, group: Group) -> Challenge | None:
    pack = request.library.pack(group.pack)
    prompts = await request.unit.posts.served(group.id, PostKind.PROMPT)
    projects = await request.unit.posts.served(group.id, PostKind.CHALLENGE)
    return project_here(pack, lap_of(pack, prompts, projects))


async def _enter(request: Request, group: Group, challenge: Challenge, member: Member) -> None:
    await take_part(request, group, member)
    await request.unit.community.add_entry(ChallengeEntry(group.id, challenge.id, member.id, request.now))
    await _refresh_post(request, group, challenge)


async def _share(request: Request, group: Group, challenge: Challenge, link: str, learned: str) -> Reply:
    member = await member_of(request)
    newest = await request.unit.community.submission(group.id, challenge.id, member.id)
    if newest and (newest.url, newest.learned) == (link, learned):
        await _enter(request, group, challenge, member)  # they may have left the group since
        return Send(text_message(SHARED_ALREADY))
    if await request.unit.community.count_versions(group.id, challenge.id, member.id) >= MOST_VERSIONS:
        raise UserError(ENOUGH_VERSIONS)
    streak = await Streak.open(request, member)
    await _enter(request, group, challenge, member)
    request.unit.community.add_submission(
        Submission(request.origin.event_id, group.id, challenge.id, member.id, link, learned, request.now)
    )
    post = await request.unit.posts.newest_of(group.id, PostKind.CHALLENGE, challenge.id)
    again = post is not None and await is_from_before(request, member, post)
    points = 0 if again else POINTS_OF_ACT[ActivityKind.SUBMISSION]
    key = f"built:{group.id}:{challenge.id}"
    first = await streak.count(NewActivity(ActivityKind.SUBMISSION, key, points), group)
    if not first:
        said = "Updated. The group now sees your new version."
    elif not points:
        said = f"Shared with the group. {FROM_BEFORE}"
    else:
        said = f"Shared with the group. {gain(points, streak.summary, streak.last_days)}."
    return Send(text_message(f"{said} See what everyone built with /challenge list."))


async def _refresh_post(request: Request, group: Group, challenge: Challenge) -> None:
    """Mark the newest post of this challenge as changed; it may not be the group's newest challenge."""
    post = await request.unit.posts.newest_of(group.id, PostKind.CHALLENGE, challenge.id)
    if post:
        await request.unit.posts.mark_changed(post.id)


def _checked(link: str, learned: str) -> tuple[str, dict[str, str]]:
    """Return the address to share, and what is wrong with the submission: a sentence for each field."""
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
