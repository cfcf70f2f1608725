/**
 * A length of time as people say it, never more exact than it is useful: `0.4 s`, `12 s`, `3 min 04 s`, `2 h 05 min`,
 * `3 d 04 h`. What is no length of time (negative, not finite) is a question mark, for estimates that have no ground yet.
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "?";
  if (seconds > 0 && seconds < 0.05) return "< 0.1 s";
  const tenths = Math.round(seconds * 10);
  if (tenths > 0 && tenths < 100) return `${(tenths / 10).toFixed(1)} s`;

  const whole = Math.round(seconds);
  if (whole < minute) return `${String(whole)} s`;
  if (whole < hour) return `${String(Math.floor(whole / minute))} min ${twoDigits(whole % minute)} s`;
  const minutes = Math.round(seconds / minute);
  if (minutes < 48 * 60) return `${String(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} min`;
  const hours = Math.round(seconds / hour);
  return `${String(Math.floor(hours / 24))} d ${twoDigits(hours % 24)} h`;
}

const minute = 60;
const hour = 60 * minute;

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
