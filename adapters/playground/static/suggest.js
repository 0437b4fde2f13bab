// Suggestions under a field of the form dialog: a list that is used by keyboard, pointer or screen reader.

import { ask } from "./api.js";

const dialog = document.getElementById("dialog");

let running = null;
let active = -1;
let channel = "";

/** Suggest for the fields of the form that is open in this channel. */
export function suggestIn(place) {
  channel = place;
}

const listOf = (field) => document.getElementById(`${field.id}-list`);
const fieldOf = (list) => document.getElementById(list.id.replace(/-list$/, ""));
const isSuggesting = (element) => element.matches?.("[data-option]");

async function update(field) {
  running?.abort();
  const text = field.value.trim();
  if (!text) return close(field);
  const mine = new AbortController();
  running = mine;
  const { command, option } = field.dataset;
  // An aborted question is one that a newer one has taken over from.
  try {
    const answer = await ask("/complete", { channel, command, option, text }, mine.signal);
    if (!mine.signal.aborted) draw(field, answer.choices);
  } catch {
    if (!mine.signal.aborted) close(field);
  }
}

function draw(field, choices) {
  const list = listOf(field);
  active = -1;
  field.removeAttribute("aria-activedescendant");
  list.replaceChildren(...choices.map((choice, index) => item(list, choice, index)));
  list.scrollTop = 0;
  list.hidden = choices.length === 0;
  field.setAttribute("aria-expanded", String(!list.hidden));
  if (!list.hidden) list.scrollIntoView({ block: "nearest" });
}

function item(list, { label, value }, index) {
  const made = Object.assign(document.createElement("li"), { id: `${list.id}-${index}`, role: "option", textContent: label });
  made.ariaSelected = "false";
  made.dataset.value = value;
  return made;
}

function close(field) {
  running?.abort();
  const list = listOf(field);
  if (!list) return;
  list.hidden = true;
  active = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function highlight(field, index) {
  const items = listOf(field).children;
  items[active]?.setAttribute("aria-selected", "false");
  active = index;
  items[active].setAttribute("aria-selected", "true");
  items[active].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", items[active].id);
}

function pick(field, chosen) {
  field.value = chosen.dataset.value;
  close(field);
  field.focus();
}

function onKey(event) {
  const field = event.target;
  const { children, hidden } = listOf(field);
  const { length } = children;
  if (event.key === "ArrowDown" && hidden) update(field);
  else if (hidden) return;
  else if (event.key === "ArrowDown") highlight(field, (active + 1) % length);
  else if (event.key === "ArrowUp") highlight(field, (active - 1 + length) % length);
  else if (event.key === "Enter" && active >= 0) pick(field, children[active]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
}

dialog.addEventListener("input", (event) => isSuggesting(event.target) && update(event.target));
dialog.addEventListener("keydown", (event) => isSuggesting(event.target) && onKey(event));
dialog.addEventListener("focusout", (event) => isSuggesting(event.target) && close(event.target));
// Before the focus leaves the field, so that a click picks instead of closing.
dialog.addEventListener("pointerdown", (event) => event.target.closest(".suggestions") && event.preventDefault());
dialog.addEventListener("click", (event) => {
  const chosen = event.target.closest(".suggestions [role=option]");
  if (chosen) pick(fieldOf(chosen.parentElement), chosen);
});
