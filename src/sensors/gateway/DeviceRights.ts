import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Bytes32, RecordId } from '../../protocol/ids.ts';
import type { DeviceRight, ReadingsAuthor } from './ReadingsAuthor.ts';

/** Milliseconds before the rights are read again because of a message under an unknown one. */
const SOONEST = 5000;

/** The rights of a gateway's devices, as it knows them. */
export class DeviceRights {
  readonly #author: Pick<ReadingsAuthor, 'findRights'>;
  readonly #clock: Clock;
  readonly #onNew: (right: DeviceRight) => void;
  readonly #rights = new Map<Bytes32, DeviceRight>();
  readonly #ended = new Set<Bytes32>();
  #reading: Promise<void> | undefined;
  #read = -SOONEST;

  /**
   * @param author - Tells the rights.
   * @param clock - The time.
   * @param onNew - Called for each right that was not known.
   */
  constructor(
    author: Pick<ReadingsAuthor, 'findRights'>,
    clock: Clock,
    onNew: (right: DeviceRight) => void = () => undefined,
  ) {
    this.#author = author;
    this.#clock = clock;
    this.#onNew = onNew;
  }

  /** Reads the rights again; calls at the same time share one reading. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Returns the right of a device that holds the longest; undefined if it has none. */
  ofDevice(device: RecordId): DeviceRight | undefined {
    const now = seconds(this.#clock);
    return [...this.#rights.values()]
      .filter(({ grant, digest }) => {
        return grant.terms.record === device && grant.terms.until > now && !this.#ended.has(digest);
      })
      .toSorted((one, other) => other.grant.terms.until - one.grant.terms.until)[0];
  }

  /**
   * Finds the right that a batch names.
   *
   * @param digest - Digest of the right.
   * @param device - Id of the device that signed the batch.
   * @throws MedsealError `RIGHT_MISSING` if it is unknown or another device's; `RIGHT_ENDED`.
   */
  async require(digest: Bytes32, device: RecordId): Promise<DeviceRight> {
    if (!this.#rights.has(digest) && this.#clock.now() - this.#read >= SOONEST) {
      // The gateway decides by what it knows if no node answers; the device sends the batch again later.
      await this.refresh().catch(() => undefined);
    }
    const right = this.#rights.get(digest);
    if (right?.grant.terms.record !== device) throw new MedsealError('RIGHT_MISSING', {});
    if (this.#ended.has(digest)) throw new MedsealError('RIGHT_ENDED', {});
    return right;
  }

  /** Remembers that a right ended before its time. */
  end(digest: Bytes32): void {
    this.#ended.add(digest);
  }

  async #readAll(): Promise<void> {
    this.#read = this.#clock.now();
    const found = await this.#author.findRights();
    for (const right of found) {
      if (this.#rights.has(right.digest)) continue;
      this.#rights.set(right.digest, right);
      this.#onNew(right);
    }
  }
}
