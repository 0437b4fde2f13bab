// The one dialog: forms that Milepost opens, with each error beside its field.

import { post } from "./api.js";
import { suggestIn } from "./suggest.js";

const dialog = document.getElementById("dialog");
let context = {};

/** Show a form made by the server; `where` is the channel and message that it belongs to. */
export function openForm(html, where) {
  context = where;
  suggestIn(where.channel);
  dialog.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  const wrong = dialog.querySelector("[aria-invalid]");
  (wrong ?? dialog.querySelector(".field input, .field textarea, .field select"))?.focus();
}

function missing(form) {
  const wrong = [...form.elements].filter((field) => field.name && !field.validity.valid);
  for (const field of form.elements) {
    if (!field.name || field.type === "checkbox") continue; // the core says whether one is needed
    const invalid = wrong.includes(field);
    document.getElementById(`${field.id}-error`).textContent = invalid ? "Please fill this in." : "";
    if (invalid) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  wrong[0]?.focus();
  return wrong.length > 0;
}

async function submit(form) {
  const button = form.querySelector("[type=submit]");
  if (button.ariaBusy === "true" || missing(form)) return;
  button.ariaBusy = "true";
  form.querySelector(".form-error").textContent = "";
  try {
    const filled = new FormData(form);
    const values = {};
    for (const name of filled.keys()) values[name] = filled.getAll(name).join(", ");
    const answer = await post("/form", { ...context, action: form.dataset.action, values });
    if (answer.form) openForm(answer.form, context);
    else dialog.close();
  } catch (failure) {
    form.querySelector(".form-error").textContent = failure.message;
  } finally {
    button.ariaBusy = "false";
  }
}

dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(event.target);
});
dialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) dialog.close();
});
dialog.addEventListener("close", () => dialog.replaceChildren());
