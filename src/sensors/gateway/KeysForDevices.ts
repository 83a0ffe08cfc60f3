import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import { KEYS_ASKED, keysAskedDigest, type KeysTold } from '../../protocol/sensors/DeviceKeys.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { isSignedBy } from '../../protocol/sensors/isSignedBy.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { DeviceRights } from './DeviceRights.ts';
import type { ReadingsAuthor } from './ReadingsAuthor.ts';

/** Answers under one right in that many milliseconds, at most: each costs nodes some signatures. */
const MOST = 4;
const SPAN = 10_000;
const LONGEST = 1024;

/** A question as its transport gives it. */
export interface KeysWantedFrom {
  /** JSON; not trusted. */
  readonly text: string;
  /** Device that the transport names, if it does. */
  readonly from?: string;
}

/** Answer to a device. */
export interface KeysFound {
  readonly device: Address;
  readonly told: KeysTold;
}

/** Surroundings of the answers. */
export interface KeysPorts extends Pick<SigningContext, 'primitives'> {
  readonly author: Pick<ReadingsAuthor, 'gatherKeys'>;
  readonly rights: Pick<DeviceRights, 'find' | 'isOver'>;
  readonly clock: Clock;
}

/** Answers devices that seal their readings, four times in ten seconds each at most, and only those that have a right here. */
export class KeysForDevices {
  readonly #ports: KeysPorts;
  /** Moments of the latest answers, by right. */
  readonly #answered = new Map<Bytes32, readonly number[]>();

  /** @param ports - Party, rights and time. */
  constructor(ports: KeysPorts) {
    this.#ports = ports;
  }

  /**
   * Gathers what a device needs to seal. Nobody has to believe it: the device verifies it.
   *
   * @param given - The question.
   * @throws MedsealError `READINGS_INVALID` if the device did not sign it; `RIGHT_MISSING`, `RIGHT_ENDED`; `OVERLOADED` if it asks too
   * often; as `gatherDeviceKeys` does.
   */
  async answer({ text, from }: KeysWantedFrom): Promise<KeysFound> {
    const { primitives, author, rights, clock } = this.#ports;
    if (text.length > LONGEST) throw invalid();
    const asked = parseJsonOf(KEYS_ASKED, text, invalid);
    const { device, grant, nonce, signature } = asked;
    if (from !== undefined && from !== device) throw invalid();
    const digest = keysAskedDigest(primitives, asked);
    if (!isSignedBy({ primitives }, device, digest, signature)) throw invalid();
    const right = rights.find(grant, deviceIdOf(primitives, device));
    if (rights.isOver(grant)) throw new MedsealError('RIGHT_ENDED', {});
    const now = clock.now();
    const latest = (this.#answered.get(grant) ?? []).filter((at) => now - at < SPAN);
    if (latest.length >= MOST) throw new MedsealError('OVERLOADED', {});
    this.#answered.set(grant, [...latest, now]);
    return { device, told: await author.gatherKeys(right, nonce) };
  }
}

function invalid(): MedsealError {
  return new MedsealError('READINGS_INVALID', { what: 'question for keys' });
}
