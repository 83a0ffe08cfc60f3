import { addressOf } from '../../crypto/addressOf.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import type { Reading } from '../../protocol/sensors/Reading.ts';
import { signReadings, type MessageSigned } from '../../protocol/sensors/signReadings.ts';
import { createSignals, type SensorKind } from './createSignals.ts';
import { signalsOf, type Recording } from './Recording.ts';
import { signHello } from './signHello.ts';

/** Batches that a device keeps, at most; the oldest is overwritten then, and its patient sees a gap. */
const ROOM = 256;

/** Choice of a simulated device. */
export interface SensorChoice {
  readonly kind: SensorKind;
  /** Key and signals follow from it, so that anyone who knows it can sign as the device. */
  readonly seed: string;
  /** Number of the device among those of its seed, from 0. */
  readonly number: number;
  /** Number of times that the device has started, less than 2^32. */
  readonly boot: number;
  /** Curve that it measures in place of what its kind does. */
  readonly recording?: Recording;
}

/**
 * A device that a program plays: key, signals, and a ring buffer of batches, which it forgets only once its gateway has
 * them on disk. Its model says that it is simulated.
 */
export class SimulatedSensor {
  readonly address: Address;
  readonly model: string;
  readonly serial: string;
  readonly #primitives: Primitives;
  readonly #signingKey: Uint8Array;
  readonly #boot: number;
  readonly #readingsOf: (second: number, at: number) => readonly Reading[];
  readonly #ring = new Map<Bytes32, MessageSigned>();
  #grant: Bytes32 | undefined;
  #first = 0;
  #previous: Bytes32 = ZERO32;
  #second = 0;
  #overwritten = 0;

  /**
   * @param primitives - SHA-256 and the curve.
   * @param choice - Kind and seed.
   */
  constructor(primitives: Primitives, { kind, seed, number, boot, recording }: SensorChoice) {
    const secretOf = (use: string): Uint8Array =>
      primitives.sha256(utf8ToBytes(`medseal/simulated sensor/${use}/${kind}/${number}/${seed}`));
    this.#primitives = primitives;
    this.#signingKey = secretOf('key');
    this.#readingsOf =
      recording === undefined ? createSignals(kind, secretOf('signals')) : signalsOf(recording);
    this.#boot = boot;
    this.address = addressOf(primitives, primitives.publicKey(this.#signingKey));
    this.model = `Simulated ${kind}`;
    this.serial = String(number + 1);
  }

  /** Its announcement, signed. */
  get hello(): string {
    const { address: device, model, serial } = this;
    return signHello(this.#primitives, this.#signingKey, { device, model, serial });
  }

  /** The right that its batches name; undefined until it is told. */
  get grant(): Bytes32 | undefined {
    return this.#grant;
  }

  /** Batches that no gateway has on disk yet, as far as the device was told, the oldest first. */
  get kept(): readonly MessageSigned[] {
    return [...this.#ring.values()];
  }

  /** Number of batches that were overwritten before a gateway had them. */
  get overwritten(): number {
    return this.#overwritten;
  }

  /** Takes the right that its next batches name. */
  bind(grant: Bytes32): void {
    this.#grant = grant;
  }

  /**
   * Measures the next seconds, signs them as a batch, and keeps it.
   *
   * @param length - Number of seconds.
   * @param start - Time of the first reading, Unix milliseconds.
   * @throws RangeError if the device is not bound.
   */
  measure(length: number, start: number): MessageSigned {
    const grant = this.#grant;
    if (grant === undefined) throw new RangeError('the device is not bound');
    const lines = Array.from({ length }, (_, i) =>
      this.#readingsOf(this.#second + i, start + i * 1000),
    )
      .flat()
      .map((reading) => JSON.stringify(reading));
    const times = { clock: 'set', start, end: start + length * 1000 } as const;
    const place = { boot: this.#boot, first: this.#first, previous: this.#previous };
    const facts = { grant, ...place, ...times };
    const batch = signReadings({ primitives: this.#primitives }, this.#signingKey, facts, lines);
    this.#second += length;
    this.#first += lines.length;
    this.#previous = batch.root;
    const [oldest] = this.#ring.keys();
    if (this.#ring.size >= ROOM && oldest !== undefined) {
      this.#ring.delete(oldest);
      this.#overwritten += 1;
    }
    this.#ring.set(batch.digest, batch);
    return batch;
  }

  /**
   * Forgets a batch that a gateway has on disk.
   *
   * @param digest - Digest of the batch.
   * @returns False if it was forgotten before.
   */
  forget(digest: Bytes32): boolean {
    return this.#ring.delete(digest);
  }
}
