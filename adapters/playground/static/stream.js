// The live stream: opened once, reopened whenever it breaks, going on from the last change seen.
// It is read by hand, since an EventSource can't send the key.

import { hasKey, key } from "./api.js";
import { toast } from "./toast.js";

const RETRY = 1500;
const PATIENCE = 1000;
const AWAY = "Milepost isn't running. This page reconnects as soon as it's back.";
const STRANGER = "Open the address that Milepost printed when it started.";
const RESTARTED = "Milepost has restarted. Open the new address that it printed.";

/** Call `changed({epoch, fresh, now, oldest, entries})` for each batch of changes, for as long as the page lives. */
export function listen(person, changed) {
  let last = "";
  let dismiss = null;
  let complaint = 0;
  let reason = AWAY;
  let told = "";

  function tell() {
    dismiss?.();
    told = reason;
    dismiss = toast(reason, { stay: true });
  }

  function lost() {
    // A short break, such as a restart, is not worth a word.
    if (!complaint) complaint = setTimeout(tell, PATIENCE);
    else if (dismiss && told !== reason) tell();
  }

  function found() {
    clearTimeout(complaint);
    complaint = 0;
    dismiss?.();
    dismiss = null;
  }

  function take(event) {
    const [id, data] = event.split("\n");
    found();
    last = id.slice("id: ".length);
    changed(JSON.parse(data.slice("data: ".length)));
  }

  async function follow() {
    const query = new URLSearchParams({ as: person, since: last });
    const response = await fetch(`/events?${query}`, { headers: await key(), cache: "no-store" });
    if (!response.ok) {
      reason = await refusal(response);
      return;
    }
    reason = AWAY;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (text + value).split("\n\n");
      text = events.pop();
      events.forEach(take);
    }
  }

  async function open() {
    try {
      await follow();
    } catch (fault) {
      // Not reachable, or broken off. What our own page does wrong is for the console.
      if (!(fault instanceof TypeError) && fault.name !== "AbortError") console.error(fault);
      reason = AWAY;
    }
    lost();
    setTimeout(open, RETRY);
  }

  open();
}

async function refusal(response) {
  if (response.status === 403) return hasKey() ? RESTARTED : STRANGER;
  const answer = await response.json().catch(() => ({}));
  return answer.error || AWAY;
}
