import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import type { FileIdentity } from '../../vault/Vault.ts';

/** Bytes of sealed files without an entry yet that are held for a log. */
export const MOST_UNOWNED = 64 * 2 ** 30;
/** Least number of bytes that a file counts for: what it takes besides, here and in memory. */
export const LEAST_COUNTED = 64 * 1024;

interface Unowned {
  readonly bytes: number;
  /** Unix seconds until which the vault keeps it, though nobody owns it. */
  readonly until: number;
  /** Number of calls that fetch it. */
  readonly fetching: number;
  readonly came: boolean;
}

interface Counted {
  /** In the order in which their leases end. */
  readonly files: Map<Bytes32, Unowned>;
  bytes: number;
}

/**
 * The sealed files that were fetched because writes name them that are in no log yet. There is a limit for each log, so
 * that nobody fills another organisation's disk by writes that never become entries. It is held in memory.
 */
export class UnownedFiles {
  readonly #most: number;
  readonly #logs = new Map<LogName, Counted>();

  /** @param most - Bytes for each log. */
  constructor(most = MOST_UNOWNED) {
    this.#most = most;
  }

  /**
   * Counts a file that is about to be fetched. One larger than the limit comes alone.
   *
   * @param log - The log that a write is for.
   * @param file - As the write says; nobody keeps it with another size.
   * @param lease - Unix seconds: now, and until when the vault will keep it.
   * @returns Call it once the file has come, or will not.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  reserve(
    log: LogName,
    { hash, size }: FileIdentity,
    { now, until }: { readonly now: number; readonly until: number },
  ): (came: boolean) => void {
    const counted = this.#logs.get(log) ?? { files: new Map<Bytes32, Unowned>(), bytes: 0 };
    for (const [old, file] of counted.files) {
      if (file.until > now) break;
      if (file.fetching === 0) drop(counted, old);
    }
    const before = counted.files.get(hash);
    const bytes = Math.max(size, LEAST_COUNTED, before?.bytes ?? 0);
    const others = counted.bytes - (before?.bytes ?? 0);
    if (others > 0 && others + bytes > this.#most) {
      throw new MedsealError('QUOTA_SPENT', { what: 'sealed files without an entry' });
    }
    const { fetching = 0, came = false } = before ?? {};
    put(counted, hash, { bytes, until, fetching: fetching + 1, came });
    this.#logs.set(log, counted);
    return (cameNow) => {
      const file = counted.files.get(hash);
      // An entry named it meanwhile.
      if (file === undefined) return;
      const left = { ...file, fetching: file.fetching - 1, came: file.came || cameNow };
      if (left.fetching > 0 || left.came) counted.files.set(hash, left);
      else drop(counted, hash);
    };
  }

  /** Counts files no longer: entries name them. */
  named(files: readonly Pick<FileIdentity, 'hash'>[]): void {
    for (const counted of this.#logs.values()) {
      for (const { hash } of files) drop(counted, hash);
    }
  }
}

function put(counted: Counted, hash: Bytes32, file: Unowned): void {
  drop(counted, hash);
  counted.files.set(hash, file);
  counted.bytes += file.bytes;
}

function drop(counted: Counted, hash: Bytes32): void {
  counted.bytes -= counted.files.get(hash)?.bytes ?? 0;
  counted.files.delete(hash);
}
