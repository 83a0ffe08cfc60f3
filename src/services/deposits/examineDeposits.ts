import { base64 } from '@scure/base';
import { bytesToHex, bytesToUtf8, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { encryptBodies } from '../../log/encryptBodies.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { PROVEN_SHEET } from '../../protocol/shapes/askedShapes.ts';
import { exactRow } from '../../database/exactRow.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { ZERO32, type Bytes32, type Handle } from '../../protocol/ids.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sheetLeaf, sheetsRoot } from '../../protocol/rights/sheetsRoot.ts';
import { handleOfDeposit } from './handleOfDeposit.ts';
import { charge } from './charge.ts';
import {
  careKey,
  LISTED,
  LISTED_BY,
  LISTED_WITH_ENDS,
  readDepositKey,
  SERIES,
  sourceKey,
} from './depositKeys.ts';
import { isSeries } from './DepositFeed.ts';
import { cardIn, GRANT_END, type CardRow, type GrantEnd } from './depositRows.ts';
import { DepositStore } from './DepositStore.ts';
import { STATE_ROW, type StateRow } from './stateIn.ts';
import type { DepositCopy } from '../ports.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { examineOwed } from './examineOwed.ts';
import { partPath, type OrganisationExamination } from '../examination/OrganisationExamination.ts';

/** First line of every age file. */
const AGE = 'age-encryption.org/v1\n';

/**
 * Examines the deposits of an organisation: sheets against the root that was committed to, states against their hash,
 * cards against the Registry, packets for being sealed files.
 *
 * @param examination - Organisation and folder.
 * @param database - The deposits.
 */
export async function examineDeposits(
  examination: OrganisationExamination,
  database: ServiceDatabase,
): Promise<void> {
  const { organisation, keys, ports, hearer, ledger } = examination;
  const { primitives } = ports;
  const path = partPath(examination, 'kept');
  const name = `${organisation}: kept`;
  const counts = new Map<string, number>();
  /** Ends of rights, and the newest epoch of the packets of each grant. */
  const ends: GrantEnd[] = [];
  /** Ends of rights that are put aside: their older packets may be deleted. */
  const over: GrantEnd[] = [];
  const newest = new Map<string, number>();
  /** Deposits that count in the quotas of patients: patient and name. */
  const held: [string, string][] = [];
  /** Requests of care that count in the quotas of parties: key and size. */
  const cares: [key: string, size: string][] = [];
  const sizes = new Map<string, string>();
  /** Rows that list grants by grantee. */
  const given: [key: string, value: string][] = [];
  const granted = new Map<string, number>();
  /** Revision of the stored state, by patient. */
  const revisions = new Map<string, number>();
  /** Sheets by commitment; between those of one there may be epochs of others. */
  const commitments = new Map<string, { readonly key: string; readonly sheet?: ProvenSheet }[]>();
  /** Commitments all of whose sheets are there, by patient and root. */
  const roots = new Set<string>();
  let patient = '';
  for await (const [key, value] of database.iterator()) {
    const { kind, owner, second, third, source } = readDepositKey(key);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (kind === 'sheet' && owner !== patient) {
      examineCommitments();
      patient = owner;
    }
    if (kind === 'sheet') {
      const sheet = exactRow(value);
      const known = commitments.get(third) ?? [];
      const found = isOfShape(PROVEN_SHEET, sheet) ? { key, sheet } : { key };
      commitments.set(third, [...known, found]);
      if (!isOfShape(BYTES32, third)) say(`a sheet has a malformed root: ${key}`);
    } else if (kind === 'packet') {
      const bound = source === '' || (await database.get(sourceKey(source ?? ''))) !== undefined;
      newest.set(owner, Math.max(newest.get(owner) ?? 0, Number(second)));
      if (!bound || !isSealed(exactRow(value)))
        say(`packet of grant ${owner} for epoch ${Number(second)} was altered`);
    } else if (kind === 'state') {
      const state = exactRow(value);
      if (isState(state)) revisions.set(owner, state.revision);
      else say(`the state of patient ${owner} was altered`);
    } else if (kind === 'card') {
      if (!isCard(cardIn(value), owner)) say(`the card of party ${owner} was altered`);
    } else if (kind === 'end' || kind === 'over') {
      const end = exactRow(value);
      if (isEnd(end, owner, second)) (kind === 'end' ? ends : over).push(end);
      else say(`the end of grant ${second} was altered`);
    } else if (kind === 'feed') {
      if ((await database.get(sourceKey(value))) === undefined)
        say(`deposit number ${Number(owner)} is lost`);
    } else if (kind === 'held') {
      held.push([owner, second]);
    } else if (kind === 'given') {
      given.push([key, value]);
    } else if (key === LISTED) {
      if (!LISTED_BY.includes(value))
        say('the mark that deposits are listed by patient was altered');
    } else if (key === SERIES) {
      if (!isSeries(value))
        say('the number of the series that deposits are ordered in was altered');
    } else if (kind === 'care') {
      cares.push([key, value]);
    } else if (kind !== 'source') {
      say(`there is an unknown row: ${key}`);
    }
  }
  examineCommitments();
  const bodies = encryptBodies({ ...ports, storageKey: keys.storage });
  const grants: Grant[] = [];
  const charged = new Set<string>();
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
  const hasEnds = (await database.get(LISTED)) === LISTED_WITH_ENDS;
  for (const [key, value] of given) {
    const until = granted.get(key);
    if (until === undefined) say(`a grant is listed by grantee, and lost: ${key}`);
    else if (value !== String(until) && (hasEnds || value !== 'true'))
      say(`the row that lists a grant by grantee was altered: ${key}`);
  }
  if (held.length > 0 && (await database.get(LISTED)) === undefined)
    say('the mark that deposits are listed by patient is lost');
  if (ledger !== undefined) {
    const hasSheets = (handle: Handle, root: Bytes32): boolean => roots.has(`${handle}/${root}`);
    const keeping = { database, grants, ends, over, newest, hasSheets };
    for (const lost of await examineOwed(examination, ledger, keeping)) say(lost);
  }
  const holding = [...counts].map(([kind, count]) => `${count} of ${kind}`);
  hearer.part({ path, name, holds: holding.join(', ') || 'nothing' });

  function say(what: string): void {
    hearer.fault({ kind: 'kept', path, what: `${name}: ${what}`, remedy: 'peers' });
  }

  function examineCommitments(): void {
    for (const [root, sheets] of commitments) {
      const proven = sheets.flatMap(({ sheet }) => sheet ?? []);
      const whole =
        proven.length === sheets.length &&
        isOfShape(BYTES32, root) &&
        succeeds(() => isCommitted(root, proven));
      const altered = sheets.filter(({ key, sheet }) => !whole || !sheet || !isAt(key, sheet));
      if (whole) roots.add(`${patient}/${root}`);
      if (altered.length > 0)
        say(`sheets of patient ${patient} with root ${root} were altered, or one is lost`);
    }
    commitments.clear();
  }

  function isCommitted(root: Bytes32, sheets: readonly ProvenSheet[]): boolean {
    const plain = sheets.map(({ sheet }) => sheet);
    if (sheetsRoot(primitives, plain) !== root) return false;
    return sheets.every(({ sheet, proof }, index) =>
      verifyInclusion(primitives, {
        index,
        size: sheets.length,
        leaf: sheetLeaf(primitives, sheet),
        proof: proof.map(hexToBytes),
        root: hexToBytes(root),
      }),
    );
  }

  function isState(value: unknown): value is StateRow {
    if (!isOfShape(STATE_ROW, value)) return false;
    return bytesToHex(primitives.sha256(utf8ToBytes(value.sealed))) === value.hash;
  }

  function isCard(card: CardRow | undefined, owner: string): boolean {
    if (card === undefined) return false;
    const { party, recipient } = card;
    const known = ledger?.index.party(party);
    const registered =
      known === undefined || known.recipient === recipientHash(primitives, recipient);
    return party === owner && registered;
  }
}

/** The opening of a grant, if the deposit is one. */
function grantsIn(copy: DepositCopy): readonly Grant[] {
  if (!('submission' in copy)) return [];
  const { type, message } = copy.submission.request;
  return type === 'Grant' ? [message as Grant] : [];
}

function isEnd(value: unknown, handle: string, grant: string): value is GrantEnd {
  return isOfShape(GRANT_END, value) && value.handle === handle && value.grant === grant;
}

/** Tells whether a sheet is of the patient and epoch that it is kept under. */
function isAt(key: string, { sheet }: ProvenSheet): boolean {
  const { owner, second: epoch } = readDepositKey(key);
  return sheet.handle === owner && sheet.epoch === Number(epoch);
}

function isSealed(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    succeeds(() => bytesToUtf8(base64.decode(value).subarray(0, AGE.length)) === AGE)
  );
}
