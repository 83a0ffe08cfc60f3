import { base64 } from '@scure/base';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { exactRow } from '../../database/exactRow.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { type Bytes32, type Handle } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { LISTED, LISTED_BY, readDepositKey, SERIES, sourceKey } from './depositKeys.ts';
import { isSeries } from './DepositFeed.ts';
import { cardIn, GRANT_END, type CardRow, type GrantEnd } from './depositRows.ts';
import { ExaminedSheets } from './ExaminedSheets.ts';
import { examineSigned } from './examineSigned.ts';
import { STATE_ROW, type StateRow } from './stateIn.ts';
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
  const { organisation, ports, hearer, ledger } = examination;
  const { primitives } = ports;
  const path = partPath(examination, 'kept');
  const name = `${organisation}: kept`;
  const counts = new Map<string, number>();
  /** Ends of rights, and the newest epoch of the packets of each grant. */
  const ends: GrantEnd[] = [];
  /** Ends of rights that are put aside: their older packets may be deleted. */
  const over: GrantEnd[] = [];
  const newest = new Map<string, number>();
  const held: [string, string][] = [];
  const cares: [string, string][] = [];
  const given: [string, string][] = [];
  const endings: [string, string][] = [];
  const revisions = new Map<string, number>();
  const sheets = new ExaminedSheets(primitives, say);
  for await (const [key, value] of database.iterator()) {
    const { kind, owner, second, source } = readDepositKey(key);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (kind === 'sheet') {
      sheets.take(key, value);
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
    } else if (kind === 'ending') {
      endings.push([key, value]);
    } else if (kind === 'exact') {
      if (!Number.isSafeInteger(exactRow(value)))
        say(`the exact end of mandate ${owner} was altered`);
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
  sheets.end();
  const rows = { held, cares, given, endings, revisions };
  const grants = await examineSigned(examination, database, rows, say);
  if (ledger !== undefined) {
    const hasSheets = (handle: Handle, root: Bytes32): boolean => sheets.has(handle, root);
    const keeping = { database, grants, ends, over, newest, hasSheets };
    for (const lost of await examineOwed(examination, ledger, keeping)) say(lost);
  }
  const holding = [...counts].map(([kind, count]) => `${count} of ${kind}`);
  hearer.part({ path, name, holds: holding.join(', ') || 'nothing' });

  function say(what: string): void {
    hearer.fault({ kind: 'kept', path, what: `${name}: ${what}`, remedy: 'peers' });
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

function isEnd(value: unknown, handle: string, grant: string): value is GrantEnd {
  return isOfShape(GRANT_END, value) && value.handle === handle && value.grant === grant;
}

function isSealed(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    succeeds(() => bytesToUtf8(base64.decode(value).subarray(0, AGE.length)) === AGE)
  );
}
