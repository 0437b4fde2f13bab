// Talking to Milepost: requests that may be repeated, and sentences when they fail.

const page = document.body.dataset;
const KEY = "milepost-key";
const AWAY = "Milepost isn't answering. Is it still running?";
const PAUSES = [400, 1200];

/** A failure with a sentence for the person. */
export class Failure extends Error {}

/** What every request needs beside the cookie, which other programs on this machine may be sent too. */
export async function key() {
  await entered;
  return { "X-Milepost-Key": localStorage.getItem(KEY) ?? "" };
}

/** Does this browser have a key, be it the right one or not? */
export const hasKey = () => localStorage.getItem(KEY) !== null;

// A page that was opened by the printed address has a code behind the "#", which is exchanged for the key.
// Storage is shared by all windows at this port, and with no other port.
async function enter() {
  const code = new URLSearchParams(location.hash.slice(1)).get("enter");
  if (!code) return;
  history.replaceState(null, "", location.pathname + location.search);
  const body = JSON.stringify({ code, event: newEvent() });
  const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  const answer = await answerOf(await persistently(() => fetch("/enter", request)));
  localStorage.setItem(KEY, answer.key);
}

// What fails here is told by the first request that needs the key.
const entered = enter().catch(() => {});

/** A new id for one click or one sending; a repeated request keeps it, so that it counts once. */
export function newEvent() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Send a change; resolves to Milepost's answer, rejects with a Failure. */
export async function post(path, body) {
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(await key()) },
    body: JSON.stringify({ as: page.person, event: newEvent(), ...body }),
  };
  return answerOf(await persistently(() => fetch(path, request)));
}

/** Ask without changing anything; with a `signal` just once, since a newer question may take over. */
export async function ask(path, query, signal) {
  const url = `${path}?${new URLSearchParams({ as: page.person, ...query })}`;
  const headers = await key();
  return answerOf(signal ? await fetch(url, { signal, headers }) : await persistently(() => fetch(url, { headers })));
}

async function persistently(attempt) {
  for (const pause of PAUSES) {
    try {
      return await attempt();
    } catch {
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  try {
    return await attempt();
  } catch (cause) {
    throw new Failure(AWAY, { cause });
  }
}

async function answerOf(response) {
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failure(answer.error || `Milepost answered with error ${response.status}.`);
  return answer;
}
