// Sentences that need attention, shown for a while at the foot of the page.

const region = document.getElementById("toasts");
const SHOWN_FOR = 8000;

/** Show a sentence. The returned function takes it away; with `stay` nothing else does. */
export function toast(sentence, { stay = false } = {}) {
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = sentence;
  region.append(note);
  const away = () => note.remove();
  if (!stay) setTimeout(away, SHOWN_FOR);
  return away;
}

/** Show what went wrong; faults of our own also go to the console. */
export function complain(error) {
  console.error(error);
  toast(error.message);
}
