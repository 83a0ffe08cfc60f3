import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { FileIdentity } from '../../vault/Vault.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { Quotas } from './Quotas.ts';

/** Table of each party's sealed files in the vault that no entry names yet. */
export interface Leases {
  /**
   * Counts a file that begins to come, and once it has come until a moment in Unix seconds. One that is counted already
   * counts once, however often it comes, but bytes that come at the same time under its name count besides.
   * @returns Call it once the file has come (`true`), or will not. Once it has come, only parties that uploaded it can name
   * it.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  reserve(party: Address, file: FileIdentity, until: number): (came: boolean) => void;
  /**
   * Counts a file that a party begins to send.
   * @returns Call it when the file has come, or will not; safe to repeat.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  arrive(party: Address): () => void;
  /** Counts a file no longer: an entry names it. */
  release(party: Address, hash: Bytes32): void;
  /** Tells whether a file waits for an entry of parties that uploaded it, and this party is not one of them. */
  isOthers(party: Address, hash: Bytes32): boolean;
}

interface Held {
  /** Files that came. */
  readonly files: Map<Bytes32, { readonly size: number; readonly until: number }>;
  /** Hashes of files that are coming, one for each time. */
  readonly coming: Map<symbol, Bytes32>;
  /** Bytes of both. */
  bytes: number;
}

/**
 * Makes an empty table of leases; it is held in memory, as large as the quotas of the enrolled parties allow.
 *
 * @param context - The organisation's context.
 * @param quotas - Quotas of one party.
 */
export function createLeases(
  { clock }: Pick<ServiceContext, 'clock'>,
  quotas: Pick<Quotas, 'leasedBytes' | 'leasedFiles' | 'arrivingFiles'>,
): Leases {
  const parties = new Map<Address, Held>();
  const arriving = new Map<Address, Set<symbol>>();
  /** Parties that uploaded each counted file. */
  const uploaders = new Map<Bytes32, Set<Address>>();

  return {
    reserve(party, { hash, size }, until) {
      const held = parties.get(party) ?? { files: new Map(), coming: new Map(), bytes: 0 };
      for (const [old, { until: lapses }] of held.files) {
        if (lapses <= seconds(clock)) drop(party, held, old);
      }
      // Only what came has the size that it was announced with.
      const isCounted =
        held.files.get(hash)?.size === size && ![...held.coming.values()].includes(hash);
      const counted = isCounted ? 0 : size;
      const files = held.files.size + held.coming.size;
      const over = files >= quotas.leasedFiles || held.bytes + counted > quotas.leasedBytes;
      if (!isCounted && over) {
        throw new MedsealError('QUOTA_SPENT', { what: 'sealed files without an entry' });
      }
      const one = Symbol('coming');
      held.coming.set(one, hash);
      held.bytes += counted;
      parties.set(party, held);
      return (came) => {
        if (!held.coming.delete(one)) return;
        held.bytes -= counted;
        if (came) {
          held.bytes += held.files.has(hash) ? 0 : size;
          held.files.set(hash, { size, until });
          uploaders.set(hash, (uploaders.get(hash) ?? new Set()).add(party));
        }
        forgetEmpty(party, held);
      };
    },
    arrive(party) {
      const own = arriving.get(party) ?? new Set();
      if (own.size >= quotas.arrivingFiles) {
        throw new MedsealError('QUOTA_SPENT', { what: 'sealed files that arrive at once' });
      }
      const one = Symbol('arriving');
      arriving.set(party, own.add(one));
      return () => {
        if (own.delete(one) && own.size === 0) arriving.delete(party);
      };
    },
    release(party, hash) {
      const held = parties.get(party);
      if (held !== undefined) drop(party, held, hash);
    },
    isOthers(party, hash) {
      const known = uploaders.get(hash);
      if (known === undefined || known.has(party)) return false;
      const now = seconds(clock);
      return [...known].some((other) => (parties.get(other)?.files.get(hash)?.until ?? 0) > now);
    },
  };

  function drop(party: Address, held: Held, hash: Bytes32): void {
    held.bytes -= held.files.get(hash)?.size ?? 0;
    held.files.delete(hash);
    forgetEmpty(party, held);
    const known = uploaders.get(hash);
    known?.delete(party);
    if (known?.size === 0) uploaders.delete(hash);
  }

  function forgetEmpty(party: Address, held: Held): void {
    if (held.files.size + held.coming.size === 0) parties.delete(party);
  }
}
