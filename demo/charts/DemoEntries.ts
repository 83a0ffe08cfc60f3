import type { BundleEntry, Reference, Resource } from '@medplum/fhirtypes';
import type { Random } from '../../src/crypto/Random.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';

/** The entries of a bundle while it is made. */
export class DemoEntries {
  readonly list: BundleEntry[] = [];
  readonly #random: Random;

  /** @param random - Gives the names of the entries. */
  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Adds a resource.
   *
   * @param resource - The resource, without an id.
   * @returns A reference to it.
   */
  add<T extends Resource>(resource: T): Reference<T> {
    const fullUrl = `urn:uuid:${uuid(this.#random)}`;
    this.list.push({ fullUrl, resource });
    return { reference: fullUrl };
  }
}

/** A version 4 UUID (RFC 9562 §5.4). */
function uuid(random: Random): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytesToHex(bytes)
    .slice(2)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
