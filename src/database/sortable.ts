/**
 * A number as a text: such texts sort as their numbers do.
 *
 * @param value - A whole number below 10^12.
 */
export function sortable(value: number): string {
  return value.toString().padStart(12, '0');
}
