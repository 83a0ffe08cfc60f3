/**
 * A source of random bytes, injected so that a whole network can run deterministically in a test.
 * @param length - Number of bytes.
 */
export type Random = (length: number) => Uint8Array;
