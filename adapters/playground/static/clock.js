// The demo's clock: what time it shows, and the buttons that move it on. Absent outside the demo.

import { post } from "./api.js";
import { briefTime } from "./times.js";
import { complain } from "./toast.js";

const face = document.getElementById("clock-now");
const steps = [...document.querySelectorAll("[data-step]")];
let shown = 0;
let since = 0;

/** Show this instant and let it run on from here. */
export function setClock(now) {
  if (!face || !now) return;
  shown = Date.parse(now);
  since = performance.now();
  draw();
}

function draw() {
  if (!shown) return;
  const now = new Date(shown + performance.now() - since);
  const text = briefTime(now);
  if (face.textContent === text) return;
  // The year is spared on a narrow screen, where the clock has one line.
  const [date, year, time] = text.split(/( \d{4})/);
  face.replaceChildren(date, Object.assign(document.createElement("span"), { className: "spare", textContent: year }), time);
  face.dateTime = now.toISOString();
}

async function skip(button) {
  if (button.ariaBusy === "true") return;
  steps.forEach((step) => (step.ariaDisabled = "true"));
  button.ariaBusy = "true";
  try {
    setClock((await post("/clock", { step: button.dataset.step })).now);
  } catch (failure) {
    complain(failure);
  } finally {
    button.ariaBusy = "false";
    steps.forEach((step) => (step.ariaDisabled = "false"));
  }
}

for (const step of steps) {
  step.addEventListener("click", () => step.ariaDisabled !== "true" && skip(step));
}
if (face) setInterval(draw, 5000);
