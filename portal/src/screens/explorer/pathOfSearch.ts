/**
 * Returns the path of the screen that shows what a person searches for in the explorer: a block's number, an entry such as
 * `care/hospital#12`, a log, an address, or a hash.
 *
 * @param text - The text that was typed.
 * @returns Undefined for anything else.
 */
export function pathOfSearch(text: string): string | undefined {
  const wanted = text.trim();
  if (/^\d{1,12}$/.test(wanted)) return `/explorer/block/${Number(wanted)}`;
  const [, log, index] =
    /^([a-z0-9-]{1,31}\/[a-z0-9-]{1,31})(?:\s*#\s*(\d{1,15}))?$/.exec(wanted) ?? [];
  if (log !== undefined) {
    return index === undefined ? `/explorer/log/${log}` : `/explorer/log/${log}/${Number(index)}`;
  }
  const hex = /^(?:0x)?([0-9a-f]{40}|[0-9a-f]{64})$/i.exec(wanted)?.[1];
  return hex === undefined ? undefined : `/explorer/find/0x${hex.toLowerCase()}`;
}
