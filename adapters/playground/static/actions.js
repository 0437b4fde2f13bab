// Buttons, menus and links inside messages.

import { post } from "./api.js";
import { replyTo } from "./composer.js";
import { openForm } from "./forms.js";
import * as timeline from "./timeline.js";
import { complain } from "./toast.js";

const list = document.getElementById("entries");

/** Serve what is pressed in a message; `entryOf` finds the message by its id. */
export function serve(entryOf) {
  list.addEventListener("click", (event) => {
    const target = event.target.closest("[data-action], [data-dismiss], [data-reply], [data-jump]");
    const item = target?.closest("li");
    if (!item) return;
    if (target.dataset.jump) {
      event.preventDefault();
      timeline.jumpTo(target.dataset.jump).catch(complain);
    } else if ("reply" in target.dataset) replyTo(entryOf(item.id));
    else press(target, item);
  });
  list.addEventListener("change", (event) => {
    const choose = event.target.closest(".pick")?.querySelector("[data-choose]");
    if (choose) choose.disabled = !event.target.value;
  });
}

async function press(button, item) {
  // A busy button stays focusable; pressing it again does nothing.
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  const where = { channel: item.dataset.channel, message: item.id };
  try {
    if ("dismiss" in button.dataset) await post("/dismiss", where);
    else {
      const picked = "choose" in button.dataset ? [button.closest(".pick").querySelector("select").value] : [];
      const answer = await post("/press", { ...where, action: button.dataset.action, choice: picked });
      if (answer.form) openForm(answer.form, where);
    }
  } catch (failure) {
    complain(failure);
  } finally {
    button.ariaBusy = "false";
  }
}
