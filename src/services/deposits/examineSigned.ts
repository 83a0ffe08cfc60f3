import { encryptBodies } from '../../log/encryptBodies.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';
import type { DepositCopy } from '../ports.ts';
import { charge } from './charge.ts';
import { careKey, endingKey, LISTED, LISTED_WITH_ENDS } from './depositKeys.ts';
import { DepositStore } from './DepositStore.ts';
import { endingIn } from './endingIn.ts';
import { handleOfDeposit } from './handleOfDeposit.ts';

/** Rows that follow from signed deposits. */
export interface DerivedRows {
  /** Deposits that count in the quotas of patients: patient and name. */
  readonly held: readonly [owner: string, id: string][];
  /** Requests of care that count in the quotas of parties: key and size. */
  readonly cares: readonly [key: string, size: string][];
  /** Rows that list grants by grantee. */
  readonly given: readonly [key: string, until: string][];
  /** Rows of ends of rights that their patients signed. */
  readonly endings: readonly [key: string, source: string][];
  /** Revision of the stored state, by patient. */
  readonly revisions: ReadonlyMap<string, number>;
}

/**
 * Examines deposits as their parties signed them, and the rows that follow from them.
 *
 * @param examination - Organisation and folder.
 * @param database - The deposits.
 * @param rows - The rows.
 * @param say - Told of each fault.
 * @returns Openings of grants.
 */
export async function examineSigned(
  { ports, keys }: OrganisationExamination,
  database: ServiceDatabase,
  { held, cares, given, endings, revisions }: DerivedRows,
  say: (what: string) => void,
): Promise<readonly Grant[]> {
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  const grants: Grant[] = [];
  const charged = new Set<string>();
  const sizes = new Map<string, string>();
  const granted = new Map<string, number>();
  /** Rows that may name the signed end of a right: it may have been signed several times. */
  const ending = new Set<string>();
  const { copies } = new DepositStore({ ...ports, database, bodies });
  for await (const { id, sound, copy, given: row } of copies.examine()) {
    if (row !== undefined) granted.set(row.key, row.until);
    if (!sound) say(`the deposit signed as ${id} was altered`);
    const handle = copy && handleOfDeposit(copy);
    if (handle !== undefined) charged.add(`${handle}/${id}`);
    if (copy !== undefined) grants.push(...grantsIn(copy));
    if (copy !== undefined && 'care' in copy) {
      const { party } = copy.care.request;
      sizes.set(careKey({ party, id }), String(charge(copy)));
    }
    const grant = copy && endingIn(copy)?.message.grant;
    if (grant !== undefined) ending.add(`${endingKey(grant)} ${JSON.stringify(id)}`);
    if (copy === undefined || !('patient' in copy)) continue;
    const { state, revision } = copy.patient.request.message;
    if (state !== ZERO32 && (revisions.get(copy.patient.request.message.handle) ?? 0) < revision)
      say(`the state of patient ${handle} is older than the one deposited as ${id}`);
  }
  for (const [owner, id] of held) {
    if (!charged.has(`${owner}/${id}`)) say(`deposit ${id} of ${owner} is listed, and lost`);
  }
  for (const [key, size] of cares) {
    if (sizes.get(key) !== size) say(`the row that counts a request of care was altered: ${key}`);
  }
  for (const [key, source] of endings) {
    if (!ending.has(`${key} ${source}`)) say(`the row of a signed end was altered: ${key}`);
  }
  const listed = await database.get(LISTED);
  for (const [key, value] of given) {
    const until = granted.get(key);
    if (until === undefined) say(`a grant is listed by grantee, and lost: ${key}`);
    else if (value !== String(until) && (listed === LISTED_WITH_ENDS || value !== 'true'))
      say(`the row that lists a grant by grantee was altered: ${key}`);
  }
  if (held.length > 0 && listed === undefined)
    say('the mark that deposits are listed by patient is lost');
  return grants;
}

/** The opening of a grant, if the deposit is one. */
function grantsIn(copy: DepositCopy): readonly Grant[] {
  if (!('submission' in copy)) return [];
  const { type, message } = copy.submission.request;
  return type === 'Grant' ? [message as Grant] : [];
}
