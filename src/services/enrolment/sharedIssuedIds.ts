import type { IssuedIds } from './PatientIds.ts';

/**
 * Keeps patient IDs in a machine's own folder, and in one that all machines of the organisation share: a patient whose answer
 * was lost with the machine asks another one, and has to get the same ID.
 *
 * @param own - Those in the machine's folder.
 * @param shared - Returns those that machines share; undefined if they share none.
 */
export function sharedIssuedIds(own: IssuedIds, shared: () => IssuedIds | undefined): IssuedIds {
  return {
    find: async (party) => (await shared()?.find(party)) ?? (await own.find(party)),
    async keep(issued) {
      await shared()?.keep(issued);
      await own.keep(issued);
    },
  };
}
