import type { Address, Bytes32 } from '../../protocol/ids.ts';

/** A batch that waits in a gateway's spool for its entry. */
export interface WaitingBatch {
  /** `readingsDigest` of its header. */
  readonly digest: Bytes32;
  /** Device that signed it. */
  readonly device: Address;
  /** Length of its message in bytes. */
  readonly size: number;
  /** When it was first known that its request names another node's log, Unix seconds; absent for most. */
  readonly movedAt?: number | undefined;
}

/**
 * Lines of batches that wait, one for each device. Devices get turns, so that one that sends much delays no other; a
 * line can be told to rest.
 */
export class WaitingBatches {
  readonly #lines = new Map<Address, WaitingBatch[]>();
  readonly #devices = new Map<Bytes32, Address>();
  /** When lines began to rest, and until when they do, Unix milliseconds. */
  readonly #rests = new Map<Address, { readonly from: number; readonly until: number }>();
  #bytes = 0;

  /** Number of batches that wait or are on their way. */
  get count(): number {
    return this.#devices.size;
  }

  /** Bytes of their messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Tells whether a batch waits or is on its way. */
  has(digest: Bytes32): boolean {
    return this.#devices.has(digest);
  }

  /** Number of batches of a device in its line. */
  countOf(device: Address): number {
    return this.#lines.get(device)?.length ?? 0;
  }

  /** Puts a batch at the end of its device's line. */
  add(batch: WaitingBatch): void {
    this.#devices.set(batch.digest, batch.device);
    this.#bytes += batch.size;
    this.putBack(batch);
  }

  /**
   * Takes batches to be sent, one of each device in turn.
   *
   * @param most - Largest number.
   * @param now - Unix milliseconds; lines that rest longer than that are passed over.
   */
  take(most: number, now: number): readonly WaitingBatch[] {
    const taken: WaitingBatch[] = [];
    for (let turns = this.#lines.size; taken.length < most && this.#lines.size > 0;) {
      const [next] = this.#lines;
      if (next === undefined) break;
      const [device, line] = next;
      this.#lines.delete(device);
      const batch = (this.#left(device, now) ?? 0) > 0 ? undefined : line.shift();
      if (batch !== undefined) taken.push(batch);
      if (line.length > 0) this.#lines.set(device, line);
      // A round in which no line gave anything: all that is left rests.
      turns = batch === undefined ? turns - 1 : this.#lines.size;
      if (turns <= 0) break;
    }
    return taken;
  }

  /** Puts a batch that was taken back at the end of its line. */
  putBack(batch: WaitingBatch): void {
    const line = this.#lines.get(batch.device);
    if (line === undefined) this.#lines.set(batch.device, [batch]);
    else line.push(batch);
  }

  /** Forgets a batch that was taken and has ended. */
  end(batch: WaitingBatch): void {
    if (this.#devices.delete(batch.digest)) this.#bytes -= batch.size;
    if (this.countOf(batch.device) === 0) this.#rests.delete(batch.device);
  }

  /** Lets a device's line rest from one time until another, Unix milliseconds. */
  rest(device: Address, from: number, until: number): void {
    this.#rests.set(device, { from, until });
  }

  /** Milliseconds until the first of the lines has rested; undefined if none has been told to rest. */
  restLeft(now: number): number | undefined {
    const rests = [...this.#lines.keys()].flatMap((device) => this.#left(device, now) ?? []);
    return rests.length === 0 ? undefined : rests.reduce((one, other) => Math.min(one, other));
  }

  /** Milliseconds for which a line still rests. A clock that was set back, before its rest began, ends that. */
  #left(device: Address, now: number): number | undefined {
    const rest = this.#rests.get(device);
    if (rest === undefined) return undefined;
    return now < rest.from ? 0 : Math.max(0, rest.until - now);
  }
}
