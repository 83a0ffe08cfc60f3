import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { RecordId } from '../../protocol/ids.ts';

/** Milliseconds between two looks because of messages under unknown rights. */
const SOONEST = 5000;

/** The most that may wait for the next look. */
export interface LookUpLimits {
  readonly messages: number;
  readonly perDevice: number;
  /** Bytes of the messages. */
  readonly bytes: number;
}

const LIMITS: LookUpLimits = { messages: 256, perDevice: 4, bytes: 16_777_216 };

/** A message that would wait. */
export interface Asking {
  /** Id of the device that signed it. */
  readonly device: RecordId;
  /** Length in bytes. */
  readonly size: number;
}

/**
 * Looks at the node because of messages under rights that a gateway does not know. Everybody can send such messages, so
 * all share one look, there are few looks, and few messages wait: whoever has a right waits for none of them.
 */
export class LookUps {
  readonly #look: () => Promise<void>;
  readonly #clock: Clock;
  readonly #limits: LookUpLimits;
  readonly #perDevice = new Map<RecordId, number>();
  #messages = 0;
  #bytes = 0;
  #next: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #stopped = false;
  #last = Number.NEGATIVE_INFINITY;

  /**
   * @param look - Reads the rights again.
   * @param clock - The time.
   * @param limits - The most that may wait.
   */
  constructor(look: () => Promise<void>, clock: Clock, limits: LookUpLimits = LIMITS) {
    this.#look = look;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Number of messages that wait. */
  get waiting(): number {
    return this.#messages;
  }

  /** Remembers that the rights were just read. */
  looked(): void {
    this.#last = this.#clock.now();
  }

  /** Looks no more; what waits is turned away. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /**
   * Waits for a look that begins after the call.
   *
   * @param asking - Device and size of the message that waits.
   * @throws MedsealError `OVERLOADED` if too many wait, or nothing more is looked up; the error of the look.
   */
  async next({ device, size }: Asking): Promise<void> {
    const { messages, perDevice, bytes } = this.#limits;
    const own = this.#perDevice.get(device) ?? 0;
    if (
      this.#stopped ||
      this.#messages >= messages ||
      own >= perDevice ||
      this.#bytes + size > bytes
    ) {
      throw new MedsealError('OVERLOADED', {});
    }
    this.#messages += 1;
    this.#bytes += size;
    this.#perDevice.set(device, own + 1);
    try {
      await (this.#next ??= this.#begin());
    } finally {
      this.#messages -= 1;
      this.#bytes -= size;
      const left = (this.#perDevice.get(device) ?? 1) - 1;
      if (left > 0) this.#perDevice.set(device, left);
      else this.#perDevice.delete(device);
    }
  }

  async #begin(): Promise<void> {
    // A clock that was set back keeps nobody waiting.
    const rest = Math.min(this.#last + SOONEST - this.#clock.now(), SOONEST);
    await new Promise<void>((resolve) => {
      if (rest <= 0) {
        resolve();
        return;
      }
      const cancel = this.#clock.after(rest, resolve);
      this.#cancel = () => {
        cancel();
        resolve();
      };
    });
    if (this.#stopped) throw new MedsealError('OVERLOADED', {});
    // A message that comes from here on may need what this look no longer sees.
    this.#next = undefined;
    this.looked();
    await this.#look();
  }
}
