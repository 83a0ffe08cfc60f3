import { equalBytes } from '../../src/crypto/bytes.ts';
import type { GrantEnd } from '../../src/services/deposits/depositRows.ts';
import { cursorRow, parseCursor } from '../../src/services/contributor/depositCursor.ts';
import { DESTROYED_ROWS } from '../../src/services/contributor/destroyedRow.ts';
import { isSeries } from '../../src/services/deposits/DepositFeed.ts';
import { decodeFile } from '../../src/vault/vaultRows.ts';
import { LEDGER_INDEX_FOLDER } from '../../src/node/atLedger/openLedgerIndex.ts';
import type { AtRest, Rows } from './AtRest.ts';
import type { Outcome } from './Subject.ts';

/** Why rows that an examination says nothing of may be others; each reason has a test that shows that reads are the same. */
export const REASONS = {
  series: 'peers read what it keeps once more, and pass over what they have',
  cursor: 'what the peer keeps is read once more from there, and what is known is passed over',
  claim: 'the log has the version, so no other write gets it',
  answer: 'the log has the answer, so the request gets no other',
  owner: 'the log names whose the file is, so no other version gets it',
  due: 'the coordinator keeps bodies that it could have forgotten',
  names: 'the names of rows that are due at one moment mean nothing',
  lease: 'of a file that somebody owns no lease counts',
  copy: 'a copy may be behind: the log itself has it',
  upload: 'nobody owns the file, which is collected when its lease ends',
  reach: 'keys turn once more at most, and nobody has more by that',
  shown: 'the organisation has what it was shown, and nobody asks for it',
  counted: 'a party’s quota counts a request less, and the request itself is there',
  letter: 'the other organisations keep the letter too, and its reader is given theirs',
  view: 'rows with another mark are read from the ledger again, or are what it said at that block',
  destroyed: 'the organisation looks again, and states a later date',
  taken: 'its reader had taken the letter, and a letter that is given again changes nothing',
} as const;

/** Key of the row of a node's view of the ledger that says at which block its rows stand. */
const MARK = Buffer.from('mark').toString('hex');

/**
 * Tells whether rows that no examination finds fault with change nothing that anybody reads.
 *
 * @param whole - The folder as it was.
 * @param altered - Rows by the paths of their databases.
 */
export function harmlessRows(whole: AtRest, altered: ReadonlyMap<string, Rows>): Outcome {
  const reasons = new Set<string>();
  for (const [path, rows] of altered) {
    const known = whole.rows.get(path) ?? new Map<string, Uint8Array>();
    const isOtherView = path === LEDGER_INDEX_FOLDER && isOther(known.get(MARK), rows.get(MARK));
    for (const key of new Set([...known.keys(), ...rows.keys()])) {
      const [before, now] = [known.get(key), rows.get(key)];
      if (!isOther(before, now)) continue;
      const reason =
        (isOtherView ? REASONS.view : undefined) ??
        ofBytes(known, path, key, before, now) ??
        reasonOf(whole, path, Buffer.from(key, 'hex').toString(), { before, now });
      if (reason === undefined) return { missed: `no fault is found: ${path} ${key}` };
      reasons.add(reason);
    }
  }
  return { harmless: [...reasons].join('; ') };
}

/** Tells whether a row was altered, came or went. */
function isOther(before: Uint8Array | undefined, now: Uint8Array | undefined): boolean {
  return before === undefined || now === undefined || !equalBytes(before, now);
}

/** Why a row whose key is not text may be another. */
function ofBytes(
  known: Rows,
  path: string,
  key: string,
  before: Uint8Array | undefined,
  now: Uint8Array | undefined,
): string | undefined {
  const [, organisation, owner] = /^node\/(.+)\/logs\/(.+)$/.exec(path) ?? [];
  if (organisation !== owner) {
    const isNumber = key === Buffer.from('size').toString('hex');
    if (now === undefined || isNumber) return REASONS.copy;
  }
  if (!path.endsWith('/vault-index')) return undefined;
  if (isOwnedFile(known, key, before, now)) return REASONS.lease;
  const isOwned = [...known.keys()].some((each) => each.startsWith(`02${key.slice(2, 66)}`));
  return key.startsWith('04') && !isOwned ? REASONS.upload : undefined;
}

/** Tells whether only the lease of a file is another, and somebody owns the file. */
function isOwnedFile(
  known: Rows,
  key: string,
  before: Uint8Array | undefined,
  now: Uint8Array | undefined,
): boolean {
  const [was, is] = [decodeFile(before), decodeFile(now)];
  if (!key.startsWith('01') || key.length !== 66 || was === undefined) return false;
  if (is?.size !== was.size || is.inRow !== was.inRow) return false;
  return [...known.keys()].some((each) => each.startsWith(`02${key.slice(2)}`));
}

function reasonOf(
  whole: AtRest,
  path: string,
  key: string,
  { before, now }: Record<'before' | 'now', Uint8Array | undefined>,
): string | undefined {
  const { ports, rows } = whole;
  const text = now && Buffer.from(now).toString();
  const isEnd = path.endsWith('/kept') && /^(?:end|over)\//.test(key);
  if (isEnd && before !== undefined && now !== undefined) {
    return ofEnd(whole, path, jsonIn(before) as GrantEnd, jsonIn(now) as GrantEnd);
  }
  const isCount = path.endsWith('/kept') && key.startsWith('care/');
  if (isCount && now === undefined) return REASONS.counted;
  if (path.endsWith('/kept') && key === 'series') {
    return text === undefined || isSeries(text) ? REASONS.series : undefined;
  }
  if (path.endsWith('/contributor') && key.startsWith('kept-at/')) {
    const cursor = parseCursor(ports.primitives, key, text);
    const isSound = cursor !== undefined && cursorRow(ports.primitives, key, cursor) === text;
    return text === undefined || isSound ? REASONS.cursor : undefined;
  }
  if (path.endsWith('/contributor') && key.startsWith(DESTROYED_ROWS.gt) && now === undefined) {
    return REASONS.destroyed;
  }
  if (path.endsWith('/coordinator')) return ofCoordinator(rows, path, key, { before, now });
  if (path.endsWith('/letters')) {
    // Readers forget letters alike at all organisations: one that is back somewhere was taken.
    if (before === undefined) return REASONS.taken;
    if (now !== undefined) return undefined;
    const others = [...rows].filter(([each]) => each.endsWith('/letters') && each !== path);
    const hex = Buffer.from(key).toString('hex');
    return others.some(([, each]) => each.has(hex)) ? REASONS.letter : undefined;
  }
  return undefined;
}

/** Why a row of a coordinator may be another. */
function ofCoordinator(
  rows: AtRest['rows'],
  path: string,
  key: string,
  { before, now }: Record<'before' | 'now', Uint8Array | undefined>,
): string | undefined {
  const [kind, ...rest] = key.split('/');
  const [first = '', second = '', third = '', version = '0'] = rest;
  const logs = path.replace(/coordinator$/, 'logs/');
  /** Tells whether one of the organisation's logs has a row: its kind, then numbers and hashes. */
  const isInLog = (...parts: readonly string[]): boolean => {
    const row = parts.map((part) => part.replace(/^0x/, '')).join('');
    return [...rows].some(([each, log]) => each.startsWith(logs) && log.has(row));
  };
  if (kind === 'shown') return hasShown(rows, path, key, before) ? REASONS.shown : undefined;
  if (kind === 'answer') return isInLog('06', u64(first), second) ? REASONS.answer : undefined;
  if (kind === 'due') {
    if (now === undefined) return REASONS.due;
    const due = Buffer.from(`due/${first}/`).toString('hex');
    const ofMoment = [...(rows.get(path) ?? [])].filter(([each]) => each.startsWith(due));
    return ofMoment.some(([, row]) => equalBytes(row, now)) ? REASONS.names : undefined;
  }
  if (kind !== 'claim') return undefined;
  if (first === 'file') return isInLog('09', second) ? REASONS.owner : undefined;
  if (first !== 'version') return undefined;
  return isInLog('08', second, third, u64(version)) ? REASONS.claim : undefined;
}

/** A number as it is in the keys of a log's rows. */
function u64(number: string): string {
  return BigInt(number).toString(16).padStart(16, '0');
}

/** Why the end of a right may be another: coordinators note that keys reach to the present epoch, if they may. */
function ofEnd(
  { ledger, rows }: AtRest,
  path: string,
  before: GrantEnd,
  now: GrantEnd,
): string | undefined {
  const { handle, grant, sealedTo } = before;
  const given = [...(rows.get(path)?.keys() ?? [])]
    .map((key) => Buffer.from(key, 'hex').toString())
    .filter((key) => key.startsWith(`packet/${grant}/`))
    .map((key) => Number(key.split('/')[2]));
  const reaches = now.sealedTo >= Math.max(0, ...given);
  const isPast = now.sealedTo <= (ledger?.index.patient(handle)?.epoch ?? 0);
  const isSame = JSON.stringify({ ...now, sealedTo }) === JSON.stringify(before);
  return reaches && isPast && isSame ? REASONS.reach : undefined;
}

/** Tells whether the organisation's own log or copy has all that its coordinator was shown by a row. */
function hasShown(
  rows: AtRest['rows'],
  path: string,
  key: string,
  before: Uint8Array | undefined,
): boolean {
  if (before === undefined) return false;
  const [, owner = ''] = /^shown\/.+\/(.+)\/[^/]+$/.exec(key) ?? [];
  const log = rows.get(path.replace(/coordinator$/, `logs/${owner}`));
  const { from, entries } = jsonIn(before) as { from: number; entries: readonly string[] };
  return entries.every((entry, place) => {
    const index = (from + place).toString(16).padStart(16, '0');
    const row = log?.get(`01${index}`);
    return row !== undefined && Buffer.from(row).toString('hex').includes(entry.slice(2));
  });
}

function jsonIn(row: Uint8Array): unknown {
  return JSON.parse(Buffer.from(row).toString());
}
