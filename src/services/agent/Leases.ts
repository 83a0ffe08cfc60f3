import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { FileIdentity } from '../../vault/Vault.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { Quotas } from './Quotas.ts';

/** Table of each party's sealed files in the vault that no entry names yet. */
export interface Leases {
  /**
   * Counts a file as the party's until a moment in Unix seconds; one that is counted already is counted on.
   * @returns Takes it back, for a file that did not come.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  reserve(party: Address, file: FileIdentity, until: number): () => void;
  /**
   * Counts a file that a party begins to send.
   * @returns Call it when the file has come, or will not; safe to repeat.
   * @throws MedsealError `QUOTA_SPENT`.
   */
  arrive(party: Address): () => void;
  /** Counts a file no longer: an entry names it. */
  release(party: Address, hash: Bytes32): void;
  /** Notes that all bytes of a counted file came: from now on only parties that uploaded it can name it. */
  uploaded(party: Address, hash: Bytes32): void;
  /** Tells whether a file waits for an entry of parties that uploaded it, and this party is not one of them. */
  isOthers(party: Address, hash: Bytes32): boolean;
}

interface Held {
  /** In the order in which they lapse. */
  readonly files: Map<Bytes32, { readonly size: number; readonly until: number }>;
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
      const held = parties.get(party) ?? { files: new Map(), bytes: 0 };
      for (const [old, { until: lapses }] of held.files) {
        if (lapses > seconds(clock)) break;
        drop(party, held, old);
      }
      const before = held.files.get(hash);
      if (before === undefined) {
        const over =
          held.files.size >= quotas.leasedFiles || held.bytes + size > quotas.leasedBytes;
        if (over) throw new MedsealError('QUOTA_SPENT', { what: 'sealed files without an entry' });
        held.bytes += size;
      }
      held.files.delete(hash);
      held.files.set(hash, { size: before?.size ?? size, until });
      parties.set(party, held);
      return () => {
        if (before === undefined) drop(party, held, hash);
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
    uploaded(party, hash) {
      if (parties.get(party)?.files.has(hash) !== true) return;
      uploaders.set(hash, (uploaders.get(hash) ?? new Set()).add(party));
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
    if (held.files.size === 0) parties.delete(party);
    const known = uploaders.get(hash);
    known?.delete(party);
    if (known?.size === 0) uploaders.delete(hash);
  }
}
