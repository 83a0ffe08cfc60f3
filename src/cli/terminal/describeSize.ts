const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/**
 * A number of bytes, for people, such as `2.1 MB`.
 *
 * @param bytes - The number.
 */
export function describeSize(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${UNITS[power]}`;
}
