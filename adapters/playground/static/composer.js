// The box where messages, commands and replies are typed.

import { post } from "./api.js";
import { openForm } from "./forms.js";
import * as palette from "./palette.js";

const form = document.getElementById("composer");
const input = document.getElementById("composer-text");
const error = document.getElementById("composer-error");
const working = document.getElementById("working");
const replying = document.getElementById("replying");
const SOON = 350;
const narrow = matchMedia("(max-width: 44rem)");

let channel = "";
let answered = null;

/** Write to this channel from now on. */
export function writeTo(newChannel, name) {
  if (newChannel !== channel) stopReplying();
  channel = newChannel;
  input.placeholder = narrow.matches ? "Message or /command" : `Message ${name} or type / for commands`;
  form.querySelector("[type=submit]").setAttribute("aria-label", `Send to ${name}`);
}

/** Answer this message with the next text. */
export function replyTo(entry) {
  answered = entry;
  replying.querySelector("b").textContent = entry.name;
  replying.querySelector("span span").textContent = entry.line;
  replying.hidden = false;
  input.focus();
}

function stopReplying() {
  answered = null;
  replying.hidden = true;
}

async function send() {
  const text = input.value.trim();
  if (!text) return;
  const sent = { channel, text, message: answered?.id ?? "" };
  const before = { value: input.value, answered };
  clear();
  const said = setTimeout(() => (working.textContent = `Milepost is working on ${text.split(" ")[0]} …`), SOON);
  try {
    const answer = await post("/say", sent);
    if (answer.form) openForm(answer.form, { channel: sent.channel, message: "" });
  } catch (failure) {
    error.textContent = failure.message;
    // What was typed comes back, unless something else has been typed since.
    if (!input.value) restore(before);
  } finally {
    clearTimeout(said);
    working.textContent = "";
  }
}

function clear() {
  input.value = "";
  error.textContent = "";
  stopReplying();
  palette.close();
  fit();
}

function restore(before) {
  input.value = before.value;
  if (before.answered) replyTo(before.answered);
  fit();
}

function fit() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 200)}px`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
input.addEventListener("input", () => {
  error.textContent = "";
  fit();
  palette.update(channel);
});
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (palette.key(event)) event.preventDefault();
  else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape" && answered) stopReplying();
});
input.addEventListener("blur", () => palette.close());
input.addEventListener("focus", () => palette.update(channel));
replying.querySelector("button").addEventListener("click", () => {
  stopReplying();
  input.focus();
});
