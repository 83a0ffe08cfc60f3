/** The numbers of a key, 12 bits each, and the 32 bytes behind them (FIPS 203 §8, ML-KEM-768). */
const NUMBERS = 768;
const LENGTH = (NUMBERS * 12) / 8 + 32;
/** Each number of a key is below it (FIPS 203 §2.4). */
const MODULUS = 3_329;

/**
 * Tells whether bytes are an ML-KEM-768 encapsulation key by FIPS 203's check of length and modulus (§7.2). The portable
 * encapsulation leaves the modulus unchecked, so one program would seal to a key that another refuses.
 *
 * @param key - Any bytes; a key has 1,184.
 */
export function isMlKemKey(key: Uint8Array): boolean {
  if (key.length !== LENGTH) return false;
  for (let at = 0; at < LENGTH - 32; at += 3) {
    const [low = 0, middle = 0, high = 0] = key.subarray(at, at + 3);
    const first = low | ((middle & 0x0f) << 8);
    const second = (middle >> 4) | (high << 4);
    if (first >= MODULUS || second >= MODULUS) return false;
  }
  return true;
}
