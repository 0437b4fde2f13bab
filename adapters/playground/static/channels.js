// The list of channels: which one is shown, and how much of the others is unread.

import { order } from "./timeline.js";

const person = document.body.dataset.person;
const links = new Map([...document.querySelectorAll("[data-channel].place")].map((a) => [a.dataset.channel, a]));
const STORE = `milepost-read-${person}`;

let epoch = "";
let readUpTo = {};

/** The channel in the address, the first one if it names none. */
export function current() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  return links.has(wanted) ? wanted : links.keys().next().value;
}

/** How a channel is called in a sentence. */
export function title(channel) {
  const link = links.get(channel);
  return link.matches("[data-direct]") ? link.dataset.title : `#${link.dataset.title}`;
}

/** Whether this person's list has the channel. */
export const has = (channel) => links.has(channel);

/** Take up what was read before, unless it was another room: then all that is there counts as read. */
export function recall(roomEpoch, entries) {
  if (epoch === roomEpoch) return;
  epoch = roomEpoch;
  const stored = JSON.parse(localStorage.getItem(STORE) ?? "null");
  if (stored?.epoch === epoch) {
    readUpTo = stored.readUpTo;
    return;
  }
  readUpTo = {};
  entries.forEach((entry) => markRead(entry.channel, order(entry)));
}

/** The number of the last message read in a channel. */
export const lastRead = (channel) => readUpTo[channel] ?? 0;

/** Count everything up to this message as read. */
export function markRead(channel, number) {
  if (number <= lastRead(channel)) return;
  readUpTo[channel] = number;
  localStorage.setItem(STORE, JSON.stringify({ epoch, readUpTo }));
}

/** Whether nobody but others wrote it, after what was read. */
export function isUnread(entry) {
  return entry.author !== person && order(entry) > lastRead(entry.channel);
}

/** Show which channel is open and the counts of unread messages. */
export function mark(shownChannel, entries) {
  let total = 0;
  for (const [channel, link] of links) {
    const unread = entries.filter((entry) => entry.channel === channel && isUnread(entry)).length;
    total += unread;
    const badge = link.querySelector(".count");
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : unread;
    badge.setAttribute("aria-label", `${unread} unread`);
    link.toggleAttribute("data-unread", unread > 0);
    if (channel === shownChannel) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.querySelector("#menu .dot").hidden = total === 0;
  document.title = `${total ? `(${total}) ` : ""}${title(shownChannel)} · Milepost playground`;
}
