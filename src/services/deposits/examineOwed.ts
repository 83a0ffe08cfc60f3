import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { ROLES } from '../../protocol/vocabulary.ts';
import { cardKey } from './depositKeys.ts';
import { endOf } from './endOf.ts';
import type { GrantEnd } from './depositRows.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import type {
  LedgerView,
  OrganisationExamination,
} from '../examination/OrganisationExamination.ts';

/** Deposits of an organisation that the ledger names. */
export interface OwedDeposits {
  readonly database: ServiceDatabase;
  /** Grants whose openings are stored. */
  readonly grants: readonly Grant[];
  /** Stored ends of rights. */
  readonly ends: readonly GrantEnd[];
  /** Stored ends of rights that are over, and whose keys have turned since. */
  readonly over: readonly GrantEnd[];
  /** The newest epoch of the packets of each grant. */
  readonly newest: ReadonlyMap<string, number>;
  /** Tells whether all sheets of a commitment are stored. */
  readonly hasSheets: (handle: Handle, root: Bytes32) => boolean;
}

/**
 * Finds deposits that the ledger names and an organisation lacks: sheets that a patient committed to, cards of parties,
 * openings of grants and their ends. So an older copy of the deposits does not pass for the present one.
 *
 * @param examination - The organisation, and the network.
 * @param ledger - The view of the ledger.
 * @param keeping - The deposits that it has.
 * @returns A phrase for each lost deposit.
 */
export async function examineOwed(
  { network, ports }: Pick<OrganisationExamination, 'network' | 'ports'>,
  { index }: LedgerView,
  { database, grants, ends, over, newest, hasSheets }: OwedDeposits,
): Promise<readonly string[]> {
  const lost: string[] = [];
  for await (const { party, role } of index.parties()) {
    if (!(ROLES as readonly string[]).includes(role)) continue;
    if ((await database.get(cardKey(party))) === undefined)
      lost.push(`the card of party ${party} is lost`);
  }
  for await (const { handle, epoch, root, next } of index.patients()) {
    const roots = [...(epoch === 0 ? [] : [root]), ...(next === undefined ? [] : [next.root])];
    for (const each of roots.filter((one) => !hasSheets(handle, one)))
      lost.push(`sheets of patient ${handle} with root ${each} are lost`);
  }
  const context = { primitives: ports.primitives, domain: domainOf(network) };
  const opened = new Map(grants.map((grant) => [digestOf(context, 'Grant', grant), grant]));
  for (const { grant: digest, grantee, until } of [...ends, ...over]) {
    const grant = opened.get(digest);
    const end = grant && endOf(grant, digest, 0);
    if (grant !== undefined && (end?.grantee !== grantee || end.until !== until))
      lost.push(`the end of grant ${digest} was altered`);
  }
  for (const { grant: digest, sealedTo } of ends) {
    if (sealedTo !== (newest.get(digest) ?? 0))
      lost.push(`the newest epoch of grant ${digest} was altered`);
  }
  for (const { handle, grant: digest, sealedTo } of over) {
    const present = index.patient(handle)?.epoch ?? 0;
    if (sealedTo < (newest.get(digest) ?? 0) || sealedTo >= Math.max(1, present))
      lost.push(`the last epoch of grant ${digest} was altered`);
  }
  const ending = new Set([...ends, ...over].map(({ grant }) => grant));
  for (const [digest, grant] of opened) {
    if (endOf(grant, digest, 0) === undefined || ending.has(digest)) continue;
    lost.push(`the end of grant ${digest} is lost`);
  }
  for await (const { handle } of index.patients()) {
    for (const digest of index.activeGrants(handle)) {
      if (!opened.has(digest)) lost.push(`the opening of grant ${digest} is lost`);
    }
  }
  return lost;
}
