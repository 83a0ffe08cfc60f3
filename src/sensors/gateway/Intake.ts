import type { ErrorCode } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { toPublicError } from '../../errors/toPublicError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Address, Bytes32, RecordId } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { deviceOfReadings } from '../../protocol/sensors/deviceOfReadings.ts';
import { requireDeviceRight } from '../../protocol/sensors/judgeReadings.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsMessage } from '../../protocol/sensors/ReadingsMessage.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { BatchState, ReadingsSpool } from '../spool/ReadingsSpool.ts';
import type { DeviceRights } from './DeviceRights.ts';

/** Seconds before nodes are shown another batch of a right that they refuse, by code: a right ends once. */
const SHOWN_AGAIN = { READINGS_UNTIMELY: 3600, RIGHT_ENDED: Number.POSITIVE_INFINITY } as const;
type ShownCode = keyof typeof SHOWN_AGAIN;

/** Surroundings of an intake. */
export interface IntakePorts extends Pick<SigningContext, 'primitives'> {
  readonly spool: Pick<ReadingsSpool, 'find' | 'store'>;
  readonly clock: Clock;
  readonly rights: DeviceRights;
}

/** Answer to a message. */
export interface BatchAnswer {
  /** Digest of the batch; absent if the message is not one. */
  readonly digest?: Bytes32;
  /** State of the batch: it is on disk, or was. */
  readonly state?: BatchState;
  /** Reason for which it was not stored. */
  readonly error?: MedsealError;
  /** True if the batch names a right that was given to this gateway. */
  readonly isOwn: boolean;
}

/** A message as its transport gives it. */
export interface MessageGiven {
  /** Not trusted. */
  readonly bytes: Uint8Array;
  /** Device that the transport names, if it does. */
  readonly from?: string;
  /** Called before the message waits for a look at the nodes. */
  readonly onWait?: () => void;
}

/** Judges what devices send, and stores what is theirs. */
export class Intake {
  readonly #ports: IntakePorts;
  /** Moments at which nodes were shown what they will refuse, in Unix seconds, by right and code. */
  readonly #shown = new Map<string, number>();

  /** @param ports - Spool, time, and rights. */
  constructor(ports: IntakePorts) {
    this.#ports = ports;
  }

  /**
   * Takes a message; resolves when its batch is on disk, or with the reason why not.
   *
   * @param given - The message.
   */
  async take({ bytes, from, onWait }: MessageGiven): Promise<BatchAnswer> {
    const { primitives, rights } = this.#ports;
    let digest: Bytes32 | undefined;
    let grant: Bytes32 | undefined;
    try {
      const message = parseReadingsMessage(primitives, bytes);
      ({ grant } = message.header);
      const device = deviceOfReadings({ primitives }, message);
      if (from !== undefined && from !== device) {
        throw new MedsealError('READINGS_INVALID', { what: 'device' });
      }
      // Of a batch that it did not sign a device is told nothing: it would drop its own of this digest.
      digest = readingsDigest(primitives, message.header);
      const state = await this.#stateOf({ message, digest, device, bytes }, onWait);
      return { digest, state, isOwn: true };
    } catch (thrown) {
      const error = toPublicError(toMedsealError(thrown));
      const isOwn = grant !== undefined && rights.has(grant);
      return { ...(digest !== undefined && { digest }), error, isOwn };
    }
  }

  /**
   * Remembers that nodes refused a batch, or will: it is evidence, and the next ones are refused here.
   *
   * @param grant - Right that the batch names; it was given to this gateway.
   * @param code - Code of the refusal.
   */
  refused(grant: Bytes32, code: ErrorCode): void {
    if (isShown(code)) this.#shown.set(`${grant} ${code}`, seconds(this.#ports.clock));
  }

  async #stateOf(
    { message, digest, device, bytes }: BatchGiven,
    onWait: (() => void) | undefined,
  ): Promise<BatchState> {
    const { primitives, spool, rights } = this.#ports;
    const known = await spool.find(digest);
    if (known !== undefined) return known;
    const id = deviceIdOf(primitives, device);
    if (!rights.has(message.header.grant)) {
      onWait?.();
      await rights.lookAgain(id, bytes.length);
    }
    this.#judge(message, id);
    return await spool.store({ digest, device }, bytes);
  }

  /**
   * Requires that nodes can take a batch. Of those that they will refuse, some go to them all the same, so that the refusal
   * is evidence: the first one after the end of a right, and one in an hour of another time.
   */
  #judge(message: ReadingsMessage, device: RecordId): void {
    const { rights, clock } = this.#ports;
    const { grant, digest } = rights.find(message.header.grant, device);
    try {
      if (rights.isEnded(digest)) throw new MedsealError('RIGHT_ENDED', {});
      requireDeviceRight(device, message, grant, seconds(clock));
    } catch (error) {
      const { code } = toMedsealError(error);
      if (!isShown(code) || this.#wasShown(digest, code)) throw error;
      this.refused(digest, code);
    }
  }

  #wasShown(grant: Bytes32, code: ShownCode): boolean {
    const at = this.#shown.get(`${grant} ${code}`);
    return at !== undefined && seconds(this.#ports.clock) - at < SHOWN_AGAIN[code];
  }
}

function isShown(code: ErrorCode): code is ShownCode {
  return code in SHOWN_AGAIN;
}

interface BatchGiven {
  readonly message: ReadingsMessage;
  readonly digest: Bytes32;
  readonly device: Address;
  readonly bytes: Uint8Array;
}
