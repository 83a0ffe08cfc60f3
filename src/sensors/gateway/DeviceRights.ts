import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { Bytes32, RecordId } from '../../protocol/ids.ts';
import { LookUps } from './LookUps.ts';
import type { DeviceRight, ReadingsAuthor } from './ReadingsAuthor.ts';

/** Events of rights. */
export interface RightsNews {
  /** A right that was not known. */
  readonly onNew: (right: DeviceRight) => void;
  /** A right is over: its patient ended it, or its time is up. */
  readonly onOver: (right: DeviceRight) => void;
}

/** The rights of a gateway's devices, as it knows them. */
export class DeviceRights {
  readonly #author: Pick<ReadingsAuthor, 'findRights'>;
  readonly #clock: Clock;
  readonly #news: RightsNews;
  readonly #lookUps: LookUps;
  readonly #rights = new Map<Bytes32, DeviceRight>();
  readonly #ofDevice = new Map<RecordId, DeviceRight[]>();
  /** Rights that their patients ended, as nodes say. */
  readonly #ended = new Set<Bytes32>();
  /** Rights whose end was told. */
  readonly #over = new Set<Bytes32>();
  #reading: Promise<void> | undefined;

  /**
   * @param author - Tells the rights.
   * @param clock - The time.
   * @param news - Told what changes.
   */
  constructor(author: Pick<ReadingsAuthor, 'findRights'>, clock: Clock, news: RightsNews) {
    this.#author = author;
    this.#clock = clock;
    this.#news = news;
    this.#lookUps = new LookUps(async () => {
      // A reading that is under way may have passed what the message needs.
      await this.#reading?.catch(() => undefined);
      await this.refresh();
    }, clock);
  }

  /** Reads the rights again; calls at the same time share one reading. */
  async refresh(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** Returns the right of a device that holds the longest; undefined if it has none that stands. */
  ofDevice(device: RecordId): DeviceRight | undefined {
    return (this.#ofDevice.get(device) ?? [])
      .filter((right) => !this.#isOver(right))
      .toSorted((one, other) => other.grant.terms.until - one.grant.terms.until)[0];
  }

  /** Tells whether a device has, or had, a right of this gateway. */
  knows(device: RecordId): boolean {
    return this.#ofDevice.has(device);
  }

  /** Tells whether a right was given to this gateway, as far as it knows. */
  has(digest: Bytes32): boolean {
    return this.#rights.has(digest);
  }

  /** Tells whether a right was given to this gateway for a device. */
  isOf(digest: Bytes32, device: RecordId): boolean {
    return this.#rights.get(digest)?.grant.terms.record === device;
  }

  /** Tells whether a right was given to this gateway and is over. */
  isOver(digest: Bytes32): boolean {
    const right = this.#rights.get(digest);
    return right !== undefined && this.#isOver(right);
  }

  /** Tells whether the patient ended a right, as far as the gateway knows. */
  isEnded(digest: Bytes32): boolean {
    return this.#ended.has(digest);
  }

  /**
   * Finds the right that a batch names, which may be over.
   *
   * @param digest - Digest of the right.
   * @param device - Id of the device that signed the batch.
   * @throws MedsealError `RIGHT_MISSING` if it is unknown or another device's.
   */
  find(digest: Bytes32, device: RecordId): DeviceRight {
    const right = this.#rights.get(digest);
    if (right?.grant.terms.record !== device) throw new MedsealError('RIGHT_MISSING', {});
    return right;
  }

  /**
   * Looks at the node once more because of a message under a right that is not known.
   *
   * @param device - Id of the device that signed the message.
   * @param size - Length of the message in bytes.
   * @throws MedsealError `OVERLOADED` if too many wait; `PEER_UNREACHABLE` if no node says whether there is such a right.
   */
  async lookAgain(device: RecordId, size: number): Promise<void> {
    try {
      await this.#lookUps.next({ device, size });
    } catch (error) {
      if (isMedsealError(error, 'OVERLOADED')) throw error;
      throw new MedsealError('PEER_UNREACHABLE', { peer: 'node' }, { cause: error });
    }
  }

  /** Looks no more because of messages. */
  stop(): void {
    this.#lookUps.stop();
  }

  /** Remembers that a right ended before its time. */
  end(digest: Bytes32): void {
    this.#ended.add(digest);
    this.#tellOver();
  }

  async #readAll(): Promise<void> {
    this.#lookUps.looked();
    const found = await this.#author.findRights();
    for (const { grant, digest, isEnded } of found) {
      if (isEnded === true) this.#ended.add(digest);
      if (this.#rights.has(digest)) continue;
      const right = { grant, digest };
      const { record } = grant.terms;
      this.#rights.set(digest, right);
      this.#ofDevice.set(record, [...(this.#ofDevice.get(record) ?? []), right]);
      if (!this.#isOver(right)) this.#news.onNew(right);
    }
    this.#tellOver();
  }

  #tellOver(): void {
    for (const right of this.#rights.values()) {
      if (this.#over.has(right.digest) || !this.#isOver(right)) continue;
      this.#over.add(right.digest);
      this.#news.onOver(right);
    }
  }

  #isOver({ digest, grant }: DeviceRight): boolean {
    return this.#ended.has(digest) || grant.terms.until <= seconds(this.#clock);
  }
}
