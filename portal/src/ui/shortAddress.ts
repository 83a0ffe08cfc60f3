/** The beginning of an address, which tells two parties apart on a screen; a proof has all of it. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 10)}…`;
}
