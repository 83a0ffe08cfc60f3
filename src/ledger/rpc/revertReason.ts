import { bytesToHex } from '../../crypto/bytes.ts';

/**
 * The message for a call that reverted, as other nodes word it: with the text of `Error(string)`, or with the bytes
 * of a custom error.
 * @param data - The bytes that the contract answered.
 */
export function revertReason(data: Uint8Array): string {
  if (data.length === 0) return 'execution reverted';
  const length = data.length < 68 ? NaN : Number(BigInt(bytesToHex(data.subarray(36, 68))));
  if (bytesToHex(data.subarray(0, 4)) === ERROR_STRING && length <= data.length - 68) {
    return `execution reverted: ${new TextDecoder().decode(data.subarray(68, 68 + length))}`;
  }
  return `execution reverted: custom error ${bytesToHex(data)}`;
}

/** Selector of `Error(string)`. */
const ERROR_STRING = '0x08c379a0';
