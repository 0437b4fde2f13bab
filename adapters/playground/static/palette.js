// The command palette: what Milepost offers for the text typed after a slash.

import { ask } from "./api.js";

const box = document.getElementById("palette");
const list = document.getElementById("palette-list");
const usage = document.getElementById("palette-usage");
const input = document.getElementById("composer-text");

const status = document.getElementById("palette-status");
const PAUSE = 400;

let telling = 0;
let running = null;
let active = -1;
let fresh = false;
let ready = false;
let tabbed = false;

/** Offer what fits the text before the caret; anything but a command closes the palette. */
export async function update(channel) {
  running?.abort();
  fresh = false;
  tabbed = false;
  const text = input.value.slice(0, input.selectionStart);
  if (!text.startsWith("/")) return close();
  const mine = new AbortController();
  running = mine;
  // An aborted request is one that a newer one has taken over from, or nobody waits for any more. It
  // may fail or end without an answer, and must not touch the palette of the newer one.
  try {
    const offer = await ask("/suggest", { channel, text }, mine.signal);
    if (!mine.signal.aborted) draw(offer);
  } catch {
    if (!mine.signal.aborted) close();
  }
}

export function close() {
  running?.abort();
  box.hidden = true;
  tell(0);
  active = -1;
  input.removeAttribute("aria-activedescendant");
}

/** Serve a key while the palette is open; tells whether the key is used up. */
export function key(event) {
  if (box.hidden) return false;
  const { length } = list.children;
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" && length) highlight((active + 1) % length);
  else if (event.key === "ArrowUp" && length) highlight((active - 1 + length) % length);
  else if (event.key === "Tab" && !event.shiftKey && length) fresh ? pick(Math.max(active, 0)) : (tabbed = true);
  else if (event.key === "Enter" && !event.shiftKey && picksOnEnter()) pick(Math.max(active, 0));
  else return false;
  return true;
}

// Without a choice made by arrows, Enter sends what can be sent. Nothing is picked from an offer for an
// earlier text: that would write over what a quick typist has typed since. Tab waits for the new one.
const picksOnEnter = () => fresh && list.children.length > 0 && (active >= 0 || !ready);

function draw(offer) {
  fresh = true;
  ready = offer.complete;
  active = -1;
  input.removeAttribute("aria-activedescendant");
  usage.replaceChildren(Object.assign(document.createElement("code"), { textContent: offer.usage }), ` ${offer.summary}`);
  usage.hidden = !offer.usage;
  list.replaceChildren(...offer.suggestions.map(option));
  list.hidden = offer.suggestions.length === 0;
  box.hidden = usage.hidden && list.hidden;
  box.scrollTop = 0;
  tell(offer.suggestions.length);
  if (tabbed && offer.suggestions.length > 0) pick(0);
}

/** Say how many suggestions there are, once they have stopped changing. */
function tell(count) {
  input.setAttribute("aria-expanded", String(count > 0));
  clearTimeout(telling);
  telling = setTimeout(() => {
    status.textContent = count === 0 ? "" : `${count === 1 ? "1 suggestion" : `${count} suggestions`}, arrow keys to choose`;
  }, PAUSE);
}

function option({ label, detail, insert }, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.role = "option";
  item.dataset.insert = insert;
  item.ariaSelected = "false";
  item.append(
    Object.assign(document.createElement("b"), { textContent: label }),
    Object.assign(document.createElement("span"), { textContent: detail }),
  );
  return item;
}

function highlight(index) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = index;
  const item = list.children[active];
  item.setAttribute("aria-selected", "true");
  item.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", item.id);
}

function pick(index) {
  const { insert } = list.children[index].dataset;
  input.value = insert + input.value.slice(input.selectionStart).trimStart();
  input.setSelectionRange(insert.length, insert.length);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// Before the focus leaves the box, so that a click picks instead of closing.
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (item) pick([...list.children].indexOf(item));
});
