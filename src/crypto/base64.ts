import { base64 } from '@scure/base';

/**
 * Writes bytes in base64, with padding.
 *
 * @param bytes - The bytes.
 */
export function bytesToBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/**
 * Reads bytes in base64; undefined if it is not that.
 *
 * @param text - Not trusted.
 */
export function base64ToBytes(text: string): Uint8Array | undefined {
  try {
    return base64.decode(text);
  } catch {
    return undefined;
  }
}
