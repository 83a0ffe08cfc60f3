/**
 * scrypt (RFC 7914) with r = 8, p = 1 and 32 bytes of output, as a port: in JavaScript it takes more time than in the
 * platform's library.
 *
 * @param password - The passphrase's bytes.
 * @param salt - Any number of bytes.
 * @param workFactor - Base-2 logarithm of N.
 * @returns 32 bytes.
 */
export type Scrypt = (
  password: Uint8Array,
  salt: Uint8Array,
  workFactor: number,
) => Promise<Uint8Array>;
