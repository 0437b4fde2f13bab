// Times as people read them, in the person's own zone, or the browser's where none is set.

const zone = document.body.dataset.zone || undefined;
const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });

const clock = format({ hour: "2-digit", minute: "2-digit" });
const day = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const full = format({ weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const brief = format({ weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

export const clockTime = (at) => clock.format(new Date(at));
export const dayName = (at) => day.format(new Date(at));
export const fullTime = (at) => full.format(new Date(at));
const parts = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });

/** An instant that a message names, such as "Thu 10 Dec, 09:00 CET"; the style "time" leaves the date out. */
export function momentTime(at, style) {
  const { weekday, day: date, month, hour, minute, timeZoneName } =
    Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${style === "time" ? "" : `${weekday} ${date} ${month}, `}${hour}:${minute} ${timeZoneName}`;
}

export const briefTime = (at) => brief.format(new Date(at));
