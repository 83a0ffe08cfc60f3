/**
 * The minute of a moment in the time zone of this device, as HTML's field of a moment has it, such as `2026-03-14T09:30`.
 *
 * @param now - Unix milliseconds.
 */
export function localMinute(now: number): string {
  const date = new Date(now);
  const shifted = new Date(now - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
