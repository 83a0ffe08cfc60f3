import { addressOf } from '../../crypto/addressOf.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import type { Reading } from '../../protocol/sensors/Reading.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import {
  signReadings,
  type MessageSigned,
  type UnsignedReadings,
} from '../../protocol/sensors/signReadings.ts';
import { DeviceSeal, type SealingDevice } from '../device/DeviceSeal.ts';
import type { DeviceHello } from '../gateway/DeviceHello.ts';
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

/** The chart that a simulated device seals its batches to, and what it needs for that. */
export type SensorSealing = Pick<SealingDevice, 'pin' | 'random' | 'clock' | 'cipher'>;

/** A batch that waits to be sealed. */
interface Unsealed {
  readonly about: UnsignedReadings;
  readonly lines: readonly string[];
}

/**
 * A device that a program plays: key, signals, and a ring buffer of batches, which it forgets only once its gateway has
 * them on disk. Its model says that it is simulated.
 */
export class SimulatedSensor {
  readonly address: Address;
  readonly model: string;
  readonly serial: string;
  /** Its seal; absent if its gateway seals. */
  readonly seal?: DeviceSeal;
  readonly #primitives: Primitives;
  readonly #signingKey: Uint8Array;
  readonly #boot: number;
  readonly #readingsOf: (second: number, at: number) => readonly Reading[];
  readonly #ring = new Map<Bytes32, MessageSigned>();
  /** Batches that wait to be sealed, the oldest first. */
  #unsealed: Unsealed[] = [];
  /** The readings of those that were sealed, by digest. */
  readonly #origins = new Map<Bytes32, Unsealed>();
  #sealing = Promise.resolve<readonly MessageSigned[]>([]);
  #grant: Bytes32 | undefined;
  #first = 0;
  #previous: Bytes32 = ZERO32;
  #second = 0;
  #overwritten = 0;

  /**
   * @param primitives - SHA-256 and the curve.
   * @param choice - Kind and seed.
   * @param sealing - The chart to seal to; its gateway seals if absent.
   */
  constructor(
    primitives: Primitives,
    { kind, seed, number, boot, recording }: SensorChoice,
    sealing?: SensorSealing,
  ) {
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
    if (sealing !== undefined) {
      const { address, model, serial } = this;
      const { signature } = JSON.parse(this.hello) as DeviceHello;
      const announced = { model, serial, signature };
      const signingKey = this.#signingKey;
      this.seal = new DeviceSeal({ ...sealing, primitives, signingKey, address, announced });
    }
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

  /** Number of batches that wait to be sealed. */
  get unsealed(): number {
    return this.#unsealed.length;
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
    const { about, lines } = this.#read(length, start);
    const batch = signReadings({ primitives: this.#primitives }, this.#signingKey, about, lines);
    this.#makeRoom();
    this.#ring.set(batch.digest, batch);
    return batch;
  }

  /**
   * Measures the next seconds, and keeps them until they are sealed.
   *
   * @param length - Number of seconds.
   * @param start - Time of the first reading, Unix milliseconds.
   * @throws RangeError if the device is not bound.
   */
  measureToSeal(length: number, start: number): void {
    const batch = this.#read(length, start);
    this.#makeRoom();
    this.#unsealed.push(batch);
  }

  /**
   * Seals all batches that wait for it, one after the other.
   *
   * @returns Those that were sealed now, as they are sent.
   * @throws MedsealError `KEY_PENDING` if it has no fresh keys.
   */
  async sealAll(): Promise<readonly MessageSigned[]> {
    const work = async (): Promise<readonly MessageSigned[]> => {
      const sealed: MessageSigned[] = [];
      for (let [next] = this.#unsealed; next !== undefined; [next] = this.#unsealed) {
        if (this.seal === undefined) break;
        const message = await this.seal.seal(next.about, next.lines);
        // It may have been overwritten meanwhile.
        if (this.#unsealed[0] !== next) continue;
        this.#unsealed.shift();
        this.#ring.set(message.digest, message);
        this.#origins.set(message.digest, next);
        sealed.push(message);
      }
      return sealed;
    };
    this.#sealing = this.#sealing.then(work, work);
    return await this.#sealing;
  }

  /**
   * Takes a batch back that was sealed to keys which turned: it waits to be sealed again.
   *
   * @param digest - Digest of the batch.
   * @returns False if it is not kept, or its gateway seals.
   */
  unseal(digest: Bytes32): boolean {
    const origin = this.#origins.get(digest);
    if (origin === undefined || !this.forget(digest)) return false;
    this.#unsealed.push(origin);
    this.#unsealed.sort((one, other) => one.about.first - other.about.first);
    return true;
  }

  /** The readings of the next seconds, numbered after those before. */
  #read(length: number, start: number): Unsealed {
    const grant = this.#grant;
    if (grant === undefined) throw new RangeError('the device is not bound');
    const lines = Array.from({ length }, (_, i) =>
      this.#readingsOf(this.#second + i, start + i * 1000),
    )
      .flat()
      .map((reading) => JSON.stringify(reading));
    const times = { clock: 'set', start, end: start + length * 1000 } as const;
    const place = { boot: this.#boot, first: this.#first, previous: this.#previous };
    this.#second += length;
    this.#first += lines.length;
    this.#previous = readingsRoot(this.#primitives, lines);
    return { about: { grant, ...place, ...times }, lines };
  }

  /** Overwrites the oldest batch if there is no room for another one. */
  #makeRoom(): void {
    if (this.#ring.size + this.#unsealed.length < ROOM) return;
    const [oldest] = this.#ring.keys();
    if (oldest !== undefined) this.forget(oldest);
    else this.#unsealed.shift();
    this.#overwritten += 1;
  }

  /**
   * Forgets a batch that a gateway has on disk.
   *
   * @param digest - Digest of the batch.
   * @returns False if it was forgotten before.
   */
  forget(digest: Bytes32): boolean {
    this.#origins.delete(digest);
    return this.#ring.delete(digest);
  }
}
