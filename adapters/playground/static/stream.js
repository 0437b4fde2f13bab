// The live stream: opened once, reopened whenever it breaks, going on from the last change seen.

import { toast } from "./toast.js";

const RETRY = 1500;
const PATIENCE = 1000;

/** Call `changed({epoch, fresh, now, oldest, entries})` for each batch of changes, for as long as the page lives. */
export function listen(person, changed) {
  let last = "";
  let dismiss = null;
  let complaint = 0;

  function lost() {
    // A short break, such as a restart, is not worth a word.
    if (!complaint) complaint = setTimeout(async () => (dismiss = toast(await reason(), { stay: true })), PATIENCE);
  }

  function found() {
    clearTimeout(complaint);
    complaint = 0;
    dismiss?.();
    dismiss = null;
  }

  function open() {
    const source = new EventSource(`/events?${new URLSearchParams({ as: person, since: last })}`);
    source.onmessage = (event) => {
      found();
      last = event.lastEventId;
      changed(JSON.parse(event.data));
    };
    source.onerror = () => {
      lost();
      if (source.readyState === EventSource.CLOSED) setTimeout(open, RETRY);
    };
  }

  open();
}

async function reason() {
  try {
    const response = await fetch("/static/logo.svg", { cache: "no-store" });
    if (response.status === 403) {
      return "Milepost has restarted. Open the new address that it printed.";
    }
  } catch {
    // Not reachable at all: the sentence below says so.
  }
  return "Milepost isn't running. This page reconnects as soon as it's back.";
}
