// The messages of the channel that is shown: adding, changing in place, scrolling.

import { clockTime, dayName, fullTime, momentTime } from "./times.js";
import { complain } from "./toast.js";

const pane = document.getElementById("timeline");
const list = document.getElementById("entries");
const earlier = document.getElementById("earlier");
const latest = document.getElementById("latest");
const announcer = document.getElementById("announcer");

const STEP = 200;
const NEAR = 80;
const GAP = 8;
const TOGETHER = 5 * 60 * 1000;

/** The number in a message's id, by which messages are ordered. */
export const order = (entry) => Number(entry.id.slice(1));

let shown = [];
let limit = STEP;
let more = false;
let fetchEarlier = null;
let newAfter = null;
let stuck = true;
let held = null;
let lastTop = 0;
let missed = 0;

/**
 * Show a channel from its latest messages up; those after `readUpTo` stand below a "New" line. With
 * `hasMore` there are messages before the first of `entries`.
 */
export function show(entries, readUpTo, hasMore) {
  shown = inOrder(entries);
  limit = STEP;
  more = hasMore;
  newAfter = readUpTo;
  missed = 0;
  draw();
  toLatest();
  held = list.lastElementChild;
  settle();
}

/** Show the latest message; one that is taller than the pane from its top. */
function holdTop(item) {
  toLatest();
  held = item;
  settle();
}

/** Where the pane scrolls to by itself: the end, but never past the top of the message that is held. */
function restingPlace() {
  const end = pane.scrollHeight - pane.clientHeight;
  return held?.isConnected ? Math.min(end, held.offsetTop - GAP) : end;
}

/** Add a message that came in while its channel is shown. */
export function add(entry, { isNew }) {
  if (isNew && !stuck) {
    missed += 1;
    newAfter ??= shown.length ? order(shown.at(-1)) : 0;
  }
  shown.push(entry);
  place(entry, shown.at(-2));
  // A private message answers what this person just did: they must not have to look for it.
  if (isNew && entry.private) holdTop(document.getElementById(entry.id));
  else settle();
}

/**
 * Fetch earlier messages with `fetch`, which resolves to all that are known of the channel and
 * whether there are more, or to null when another channel is shown by now.
 */
export function fetchWith(fetch) {
  fetchEarlier = fetch;
}

/** Put a changed message in the place of the old, leaving focus and scroll position alone. */
export function change(entry) {
  const at = shown.findIndex((one) => one.id === entry.id);
  const item = document.getElementById(entry.id);
  shown[at] = entry;
  if (!item) return;
  const focus = item.contains(document.activeElement) && markOf(document.activeElement, item);
  fill(item, entry, shown[at - 1]);
  if (focus) refocus(item, focus);
  settle();
}

/** Take a message away. */
export function remove(id) {
  shown = shown.filter((one) => one.id !== id);
  const item = document.getElementById(id);
  const hadFocus = item?.contains(document.activeElement);
  item?.remove();
  if (hadFocus) pane.focus({ preventScroll: true });
  settle();
}

/** Whether the latest message is in sight, so that all counts as read. */
export const atLatest = () => stuck;

/** Scroll to the latest message. */
export function toLatest() {
  stuck = true;
  held = null;
  missed = 0;
  settle();
}

/** Scroll to a message and mark it for a moment; an early one is fetched first. */
export async function jumpTo(id) {
  const known = () => shown.some((one) => one.id === id);
  const before = () => shown.length > 0 && order({ id }) < order(shown[0]);
  while (!known() && more && before() && (await fetched()));
  if (known() && !document.getElementById(id)) {
    limit = shown.length;
    draw();
  }
  const item = document.getElementById(id);
  if (!item) return;
  item.scrollIntoView({ block: "center" });
  item.classList.add("marked");
  item.addEventListener("animationend", () => item.classList.remove("marked"), { once: true });
}

function draw() {
  const from = Math.max(0, shown.length - limit);
  list.replaceChildren();
  shown.slice(from).forEach((entry, index) => place(entry, shown[from + index - 1], index === 0));
  earlier.hidden = from === 0 && !more;
}

const drawn = () => list.querySelectorAll("li[id]").length;
const inOrder = (entries) => [...entries].sort((a, b) => order(a) - order(b));

/** Fetch one page of earlier messages, not drawn yet; tells whether there was one for this channel. */
async function fetched() {
  const answer = await fetchEarlier();
  if (!answer) return false;
  shown = inOrder(answer.entries);
  more = answer.more;
  return true;
}

async function showEarlier() {
  if (earlier.ariaBusy === "true") return;
  earlier.ariaBusy = "true";
  try {
    if (drawn() >= shown.length && more && !(await fetched())) return;
  } catch (failure) {
    complain(failure);
    return;
  } finally {
    earlier.ariaBusy = "false";
  }
  const before = drawn();
  const first = list.querySelector("li[id]")?.id;
  const focused = document.activeElement === earlier;
  const fromBottom = pane.scrollHeight - pane.scrollTop;
  limit = before + STEP;
  stuck = false;
  draw();
  pane.scrollTop = pane.scrollHeight - fromBottom;
  const count = drawn() - before;
  announcer.textContent = count === 1 ? "1 earlier message is shown" : `${count} earlier messages are shown`;
  if (focused) lastOfEarlier(first);
}

/** From the button the focus goes on to the newest of the messages that came. */
function lastOfEarlier(first) {
  let item = document.getElementById(first)?.previousElementSibling;
  while (item && !item.id) item = item.previousElementSibling;
  if (!item) return pane.focus({ preventScroll: true });
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

function place(entry, before, first = false) {
  const item = document.createElement("li");
  item.id = entry.id;
  item.dataset.channel = entry.channel;
  if (first || !before || dayName(before.at) !== dayName(entry.at)) list.append(rule("day", dayName(entry.at)));
  if (newAfter !== null && order(entry) > newAfter && !list.querySelector(".new-line")) {
    list.append(rule("new-line", "New"));
  }
  fill(item, entry, before);
  list.append(item);
}

function fill(item, entry, before) {
  // The HTML is made and escaped by the server; see outbound.py.
  item.innerHTML = entry.html;
  const afterRule = item.previousElementSibling?.matches(".day, .new-line") ?? list.lastElementChild?.matches(".day, .new-line");
  item.classList.toggle("follows", !afterRule && follows(entry, before));
  for (const time of item.querySelectorAll("time")) {
    const { style } = time.dataset;
    time.textContent = style ? momentTime(time.dateTime, style) : clockTime(time.dateTime);
    time.title = fullTime(time.dateTime);
  }
}

function follows(entry, before) {
  return Boolean(before) && entry.author !== "" && before.author === entry.author &&
    new Date(entry.at) - new Date(before.at) < TOGETHER && !entry.html.includes('class="context"');
}

function rule(kind, text) {
  const line = document.createElement("li");
  line.className = kind;
  line.append(Object.assign(document.createElement("span"), { textContent: text }));
  return line;
}

const FOCUSABLE = "button, a[href], select, [tabindex]";

function markOf(element, item) {
  return { action: element.dataset.action, at: [...item.querySelectorAll(FOCUSABLE)].indexOf(element) };
}

function refocus(item, { action, at }) {
  const all = [...item.querySelectorAll(FOCUSABLE)];
  const same = all.find((one) => action && one.dataset.action === action && !one.disabled);
  const next = same ?? all.slice(Math.max(at, 0)).find((one) => !one.disabled);
  if (!next) item.tabIndex = -1;
  (next ?? item).focus({ preventScroll: true });
}

function settle() {
  if (stuck || held) pane.scrollTop = restingPlace();
  tellLatest();
}

function tellLatest() {
  latest.hidden = stuck;
  latest.querySelector("span").textContent =
    missed === 0 ? "Jump to latest" : missed === 1 ? "1 new message" : `${missed} new messages`;
}

pane.addEventListener("scroll", () => {
  // Only a move upwards lets go: a picture that loads makes the distance grow without any move.
  const near = pane.scrollHeight - pane.scrollTop - pane.clientHeight < NEAR;
  if (held && Math.abs(pane.scrollTop - restingPlace()) > 2) held = null;
  stuck = near || (stuck && !held && pane.scrollTop >= lastTop);
  lastTop = pane.scrollTop;
  if (stuck) missed = 0;
  tellLatest();
}, { passive: true });

// Pictures that load and lines that wrap anew change the height after the fact.
new ResizeObserver(() => (stuck || held) && (pane.scrollTop = restingPlace())).observe(list);
new ResizeObserver(() => (stuck || held) && (pane.scrollTop = restingPlace())).observe(pane);

earlier.addEventListener("click", showEarlier);
latest.addEventListener("click", () => {
  toLatest();
  pane.focus({ preventScroll: true });
});
