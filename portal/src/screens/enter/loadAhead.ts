/**
 * Loads what the next press needs, so that it waits for less. A part that does not come now is asked for again by that press.
 *
 * @param parts - Loads one part each, which stays loaded.
 */
export async function loadAhead(...parts: readonly (() => Promise<unknown>)[]): Promise<void> {
  await Promise.allSettled(parts.map(async (load) => await load()));
}
