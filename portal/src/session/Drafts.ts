import { DeviceBook } from '../../../src/client/party/DeviceBook.ts';
import type { DeviceStore } from '../../../src/client/index.ts';
import type { Clock } from '../../../src/protocol/Clock.ts';
import { shapeOfType } from '../../../src/protocol/shapes/shapeOfType.ts';

/** Content of a form that a person did not sign yet. */
export interface DraftEntry {
  /** The form and its subject. */
  readonly name: string;
  /** When it began and when it was last changed, in Unix milliseconds. */
  readonly since: number;
  readonly at: number;
  /** Absent once it was signed or dropped: another tab's copy must not come back. */
  readonly value?: unknown;
}

/** Ports of `Drafts`. */
export interface DraftPorts {
  /** The person's device, which seals what it keeps. */
  readonly device: DeviceStore;
  readonly clock: Clock;
  /** Tells whether this browser keeps the person's key: nothing is written for a key that it does not keep. */
  readonly isKept: () => Promise<boolean>;
  /** Tells other tabs that something was written. */
  readonly tell: () => void;
}

/** Most drafts on a device; the oldest go first. */
const MOST = 30;
/** Most characters of a draft on a device; a longer one stays in memory, and the device keeps the last that was shorter. */
const LONGEST = 50_000;
/** Milliseconds after which a draft is gone. */
const OLD = 30 * 86_400_000;
/** Milliseconds from a change until it is written. */
const PAUSE = 400;

const BOOK = new DeviceBook({
  name: 'drafts',
  shape: shapeOfType<DraftEntry>('DraftEntry')({
    name: 'text',
    since: 'count',
    at: 'count',
    'value?': 'any',
  }),
  keyOf: ({ name }) => name,
  most: MOST,
  within: (rows, most) => {
    const left = new Set(rows.toSorted(firstToGo).slice(-most));
    return rows.filter((row) => left.has(row));
  },
});

/** Marks of signed forms go before drafts, and older ones before newer: signing many forms loses none that is not signed. */
function firstToGo(one: DraftEntry, other: DraftEntry): number {
  const isDraft = ({ value }: DraftEntry): number => Number(value !== undefined);
  return isDraft(one) - isDraft(other) || one.at - other.at;
}

/**
 * The drafts of a session: in memory at once, and on the person's device a moment later. Of two tabs the one that wrote
 * last counts. Once the session ended, memory has none, and the device still takes that one was signed.
 */
export class Drafts {
  readonly #ports: DraftPorts;
  readonly #entries = new Map<string, DraftEntry>();
  readonly #changed = new Set<string>();
  readonly #followers = new Set<() => void>();
  #cancel: (() => void) | undefined;
  #last = 0;
  #isEnded = false;
  #isKept = false;
  #isRead = false;

  /** @param ports - Device, time, and what else of the browser it needs. */
  constructor(ports: DraftPorts) {
    this.#ports = ports;
  }

  /** Calls back after each change; returns what ends that. */
  readonly follow = (follower: () => void): (() => void) => {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  };

  /** Returns the draft of a form; undefined if it has no draft. */
  read(name: string): DraftEntry | undefined {
    const entry = this.#entries.get(name);
    return entry?.value === undefined ? undefined : entry;
  }

  /** True once what the device had at first is here. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** Tells whether a draft is there again after the page was locked or loaded again. */
  isLasting(entry: DraftEntry): boolean {
    return this.#isKept && isShort(entry);
  }

  /** Tells whether a draft grew too long to be kept by a device that keeps drafts: what it kept last stays there. */
  isTooLong(entry: DraftEntry): boolean {
    return this.#isKept && !isShort(entry);
  }

  /**
   * Keeps what a person typed.
   *
   * @param name - The form and its subject.
   * @param value - All fields of the form; undefined if it is again as it was at first.
   */
  write(name: string, value: unknown): void {
    if (this.#isEnded) return;
    this.#put(name, value);
    this.#cancel ??= this.#ports.clock.after(PAUSE, () => void this.flush());
  }

  /** Removes the draft of a form that was signed or dropped, also from the device; also after the end. */
  async drop(name: string): Promise<void> {
    if (!this.#isEnded && this.read(name) === undefined) return;
    this.#put(name, undefined);
    await this.flush();
  }

  /** Writes what was changed to the device now. If the device does not take it, it stays in memory. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const rows = [...this.#changed].flatMap((name) => this.#entries.get(name) ?? []);
    this.#changed.clear();
    if (rows.length === 0) return;
    try {
      const { gone, isWritten } = await BOOK.change(this.#ports, async ({ entries, put }) => {
        this.#isKept = await this.#ports.isKept();
        const known = new Map(entries.map(({ name, at }) => [name, at]));
        const newer = rows.filter((row) => isShort(row) && row.at > (known.get(row.name) ?? -1));
        const kept = this.#isKept ? newer : [];
        return { gone: await put(...kept), isWritten: kept.length > 0 };
      });
      // A mark stands for a draft that is gone.
      for (const { name, at, value } of gone) {
        if (value !== undefined && this.#entries.get(name)?.at === at) this.#entries.delete(name);
      }
      if (isWritten) this.#ports.tell();
    } catch {
      // The device has no room, or is gone: the next change tries again.
      this.#isKept = false;
      for (const { name } of this.#isEnded ? [] : rows) this.#changed.add(name);
    }
    this.#tell();
  }

  /** Takes over what the device has that is newer; old drafts go from it. */
  async renew(): Promise<void> {
    const { clock, isKept } = this.#ports;
    const rows = await BOOK.change(this.#ports, async ({ entries, remove }) => {
      this.#isKept = await isKept();
      if (!this.#isKept) return [];
      const first = clock.now() - OLD;
      await remove(entries.filter(({ at }) => at < first).map(({ name }) => name));
      return entries.filter(({ at }) => at >= first);
      // A device that cannot be read has no drafts.
    }).catch(() => []);
    if (this.#isEnded) return;
    this.#isRead = true;
    for (const row of rows) {
      this.#last = Math.max(this.#last, row.at);
      if (row.at > (this.#entries.get(row.name)?.at ?? -1)) this.#entries.set(row.name, row);
    }
    this.#tell();
  }

  /** Writes what was changed to the device, and forgets all in memory. */
  async end(): Promise<void> {
    const written = this.flush();
    this.#isEnded = true;
    this.#entries.clear();
    await written;
  }

  #put(name: string, value: unknown): void {
    const before = this.read(name);
    // A clock that was set back lets nothing come back that is gone.
    const at = Math.max(Math.floor(this.#ports.clock.now()), this.#last + 1);
    this.#last = at;
    const since = before?.since ?? at;
    this.#entries.set(name, { name, since, at, ...(value !== undefined && { value }) });
    this.#changed.add(name);
    this.#tell();
  }

  #tell(): void {
    for (const follower of this.#followers) follower();
  }
}

function isShort({ value }: DraftEntry): boolean {
  return JSON.stringify(value ?? '').length <= LONGEST;
}
