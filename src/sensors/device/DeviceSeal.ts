import { sealReadings } from '../../client/devices/sealReadings.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Random } from '../../crypto/Random.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { DevicePin, KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import type { DeviceAnnounced } from '../../protocol/sensors/helloDigest.ts';
import { requireDeviceKeys, type DeviceKeys } from '../../protocol/sensors/requireDeviceKeys.ts';
import { signKeysAsked } from '../../protocol/sensors/signKeysAsked.ts';
import type { MessageSigned, UnsignedReadings } from '../../protocol/sensors/signReadings.ts';

/** Milliseconds for which a device seals to the keys that it was told: a gateway could keep the news of others from it. */
const LASTS = 600_000;

/** A device in software that seals, and its surroundings. */
export interface SealingDevice {
  readonly primitives: Primitives;
  readonly cipher?: PayloadCipher;
  readonly random: Random;
  readonly clock: Clock;
  /** The device's key, 32 bytes. */
  readonly signingKey: Uint8Array;
  readonly address: Address;
  readonly announced: DeviceAnnounced;
  /** The chart that its patient gave it. */
  readonly pin: DevicePin;
}

/** The seal of a device: learns the keys of the pinned chart from a gateway that it does not trust, and seals to them. */
export class DeviceSeal {
  readonly #device: SealingDevice;
  /** The question that is open. */
  #asked: { readonly nonce: Bytes32; readonly grant: Bytes32 } | undefined;
  #keys: { readonly keys: DeviceKeys; readonly at: number } | undefined;
  /** Fingerprint of the newest network file that it followed: it goes back to no earlier one. */
  #network: Bytes32;

  /** @param device - Key, pin and surroundings. */
  constructor(device: SealingDevice) {
    this.#device = device;
    this.#network = device.pin.network;
  }

  /** The keys that it seals to; undefined if it has none that are fresh. */
  get keys(): DeviceKeys | undefined {
    const { keys, at = 0 } = this.#keys ?? {};
    return this.#device.clock.now() - at < LASTS ? keys : undefined;
  }

  /** Seals no more to the keys that it has: they turned. */
  forget(): void {
    this.#keys = undefined;
  }

  /**
   * Makes a question for keys, signed, in JSON. An answer to an earlier question does not count any more.
   *
   * @param grant - Digest of its right.
   */
  ask(grant: Bytes32): string {
    const { primitives, random, signingKey, address: device } = this.#device;
    const nonce = bytesToHex(random(32));
    this.#asked = { nonce, grant };
    return signKeysAsked(primitives, signingKey, { device, grant, nonce });
  }

  /**
   * Takes an answer, if it is one to the open question and all of it is proved.
   *
   * @param told - Of the form of `KEYS_TOLD`; not trusted.
   * @returns False if it answers another question.
   * @throws MedsealError as `requireDeviceKeys` does: it then seals to nobody.
   */
  hear(told: KeysTold): boolean {
    const asked = this.#asked;
    if (asked === undefined || told.nonce !== asked.nonce) return false;
    this.#asked = undefined;
    const { primitives, pin, address, clock } = this.#device;
    const wanted = { ...asked, device: address, now: seconds(clock) };
    const followed = { ...pin, network: this.#network };
    const keys = requireDeviceKeys(primitives, followed, wanted, told);
    this.#network = keys.network;
    this.#keys = { keys, at: clock.now() };
    return true;
  }

  /**
   * Seals and signs a batch.
   *
   * @param about - The statement without what follows from readings and keys.
   * @param lines - The readings.
   * @throws MedsealError `KEY_PENDING` if it has no fresh keys for this right.
   */
  async seal(about: UnsignedReadings, lines: readonly string[]): Promise<MessageSigned> {
    const { keys } = this;
    if (keys?.grant !== about.grant) throw new MedsealError('KEY_PENDING', {});
    const { signingKey, address, announced, pin } = this.#device;
    const batch = { about, lines, handle: pin.handle, device: { address, announced } };
    return await sealReadings(this.#device, signingKey, keys, batch);
  }
}
