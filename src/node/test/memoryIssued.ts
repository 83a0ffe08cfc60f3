import type { Address } from '../../protocol/ids.ts';
import type { IssuedId, IssuedIds } from '../../services/enrolment/PatientIds.ts';

/** Patient IDs of a member of the authority, in memory. */
export interface MemoryIssued extends IssuedIds {
  readonly all: ReadonlyMap<Address, IssuedId>;
}

/**
 * Keeps patient IDs in memory.
 *
 * @param before - Those that were issued before; none if absent.
 */
export function memoryIssued(before: ReadonlyMap<Address, IssuedId> = new Map()): MemoryIssued {
  const all = new Map(before);
  return {
    all,
    find: async (party) => await Promise.resolve(all.get(party)),
    async keep(issued) {
      all.set(issued.party, issued);
      await Promise.resolve();
    },
  };
}
