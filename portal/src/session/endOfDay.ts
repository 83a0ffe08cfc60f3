/**
 * Returns the last second of a day in the time zone of the device.
 *
 * @param day - The day as HTML's input has it, such as `2026-11-23`.
 * @returns Unix seconds; NaN if no day was typed.
 */
export function endOfDay(day: string): number {
  return Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000);
}
