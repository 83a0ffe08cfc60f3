/**
 * A number as JSON-RPC has it: hexadecimal, without leading zeros.
 *
 * @param number - From 0.
 */
export function quantityOf(number: number): `0x${string}` {
  return `0x${number.toString(16)}`;
}
