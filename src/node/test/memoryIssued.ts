import type { Address } from '../../protocol/ids.ts';
import type { IssuedId, IssuedIds } from '../../services/enrolment/createAuthority.ts';

/** Patient IDs of a member of the authority, in memory. */
export function memoryIssued(): IssuedIds & { readonly all: ReadonlyMap<Address, IssuedId> } {
  const all = new Map<Address, IssuedId>();
  return {
    all,
    find: async (party) => await Promise.resolve(all.get(party)),
    async keep(issued) {
      all.set(issued.party, issued);
      await Promise.resolve();
    },
  };
}
