// The page: what the stream brings goes to the channel that is shown, the rest is counted.

import * as actions from "./actions.js";
import { ask } from "./api.js";
import * as channels from "./channels.js";
import { setClock } from "./clock.js";
import * as composer from "./composer.js";
import { listen } from "./stream.js";
import * as timeline from "./timeline.js";

const { person } = document.body.dataset;
const entries = new Map();
const announcer = document.getElementById("announcer");
const sidebar = document.getElementById("sidebar");
const menu = document.getElementById("menu");
const scrim = document.getElementById("scrim");

let channel = "";
// Where each channel starts here: the number of its first message, 0 if none comes before it; and the
// changes to messages before that, which may overtake a page that is being fetched.
let oldest = {};
let overtaking = new Map();

const all = () => [...entries.values()];
const here = () => all().filter((entry) => entry.channel === channel);

function openChannel() {
  channel = channels.current();
  const name = channels.title(channel);
  document.getElementById("title").textContent = name;
  composer.writeTo(channel, name);
  const unread = here().some(channels.isUnread);
  timeline.show(here(), unread ? channels.lastRead(channel) : null, oldest[channel] > 0);
  for (const link of document.querySelectorAll("[data-person-link]")) {
    link.hash = channel.startsWith("@") ? "" : channel;
  }
  tidy();
}

function tidy() {
  if (!channel) return;
  const shown = here();
  document.getElementById("empty-channel").hidden = shown.length > 0 || channel.startsWith("@");
  document.getElementById("empty-direct").hidden = shown.length > 0 || !channel.startsWith("@");
  if (timeline.atLatest() && document.visibilityState === "visible" && shown.length) {
    channels.markRead(channel, Math.max(...shown.map(timeline.order)));
  }
  channels.mark(channel, all());
}

function take(entry) {
  const known = entries.has(entry.id);
  if (entry.gone) entries.delete(entry.id);
  else entries.set(entry.id, entry);
  if (entry.channel !== channel) return;
  if (entry.gone) timeline.remove(entry.id);
  else if (known) timeline.change(entry);
  else timeline.add(entry, { isNew: entry.author !== person });
}

const isEarlier = (entry) => timeline.order(entry) < (oldest[entry.channel] ?? 0);

async function earlier() {
  const [asked, starts] = [channel, oldest];
  const answer = await ask("/earlier", { channel: asked, before: starts[asked] });
  // A fresh start, or the same page asked for twice, has made this answer void.
  if (oldest !== starts || (answer.entries.length && !answer.entries.some(isEarlier))) return null;
  for (const entry of answer.entries) {
    const newer = overtaking.get(entry.id);
    const latest = newer?.seq > entry.seq ? newer : entry;
    if (!latest.gone) entries.set(latest.id, latest);
    overtaking.delete(entry.id);
  }
  oldest[asked] = answer.oldest;
  return asked === channel ? { entries: here(), more: answer.oldest > 0 } : null;
}

function announce(news) {
  if (news.length > 3) announcer.textContent = `${news.length} new messages`;
  else if (news.length) announcer.textContent = news.map(sentence).join(". ");
}

function sentence(entry) {
  const place = entry.channel === channel ? "" : ` in ${channels.title(entry.channel)}`;
  return `${entry.name}${place}${entry.private ? ", only to you" : ""}: ${entry.aloud}`;
}

function changed({ epoch, fresh, now, oldest: starts, entries: batch }) {
  setClock(now);
  const known = batch.filter((entry) => channels.has(entry.channel));
  if (fresh) {
    entries.clear();
    oldest = starts;
    overtaking = new Map();
    known.forEach((entry) => entries.set(entry.id, entry));
    channels.recall(epoch, known);
    openChannel();
    return;
  }
  known.filter(isEarlier).forEach((entry) => overtaking.set(entry.id, entry));
  const near = known.filter((entry) => !isEarlier(entry));
  announce(near.filter((entry) => !entry.gone && entry.author !== person && !entries.has(entry.id)));
  near.forEach(take);
  tidy();
}

function showSidebar(open) {
  sidebar.classList.toggle("open", open);
  scrim.hidden = !open;
  menu.setAttribute("aria-expanded", String(open));
  if (open) sidebar.querySelector("a").focus();
}

menu.addEventListener("click", () => showSidebar(!sidebar.classList.contains("open")));
scrim.addEventListener("click", () => showSidebar(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const people = document.querySelector(".people[open]");
  if (people) people.open = false;
  else if (sidebar.classList.contains("open")) {
    showSidebar(false);
    menu.focus();
  }
});
document.addEventListener("click", (event) => {
  const people = document.querySelector(".people[open]");
  if (people && !people.contains(event.target)) people.open = false;
});
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("milepost-theme", root.dataset.theme);
});
document.getElementById("timeline").addEventListener("scroll", () => timeline.atLatest() && tidy(), { passive: true });
document.addEventListener("visibilitychange", tidy);
window.addEventListener("hashchange", () => {
  showSidebar(false);
  openChannel();
});

timeline.fetchWith(earlier);
actions.serve((id) => entries.get(id));
listen(person, changed);
