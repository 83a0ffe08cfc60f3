import type { AtRest, Rows } from './AtRest.ts';
import { harmlessRows } from './harmlessRows.ts';
import type { Changes } from './alter.ts';
import type { Outcome, Subject } from './Subject.ts';

/** Kinds of rows, by the database's path and the row's key; the first that fits counts. */
const KINDS: readonly (readonly [name: string, path: RegExp, key: RegExp])[] = [
  ['identity and size of a log', /\/logs\//, /^(?:6964|7369)/],
  ['entries of a log', /\/logs\//, /^01/],
  ['bodies of a log', /\/logs\//, /^02/],
  ['verdicts of a log', /\/logs\//, /^04/],
  ['checkpoints of a log', /\/logs\//, /^05/],
  ['indexes of a log', /\/logs\//, /^0[6-9a]/],
  ['tiles of a log', /\/logs\//, /^[1-4]/],
  ['sealed files in a vault’s index', /\/vault-index$/, /^04/],
  ['index of a vault', /\/vault-index$/, /^0[123]/],
  ['bodies that a coordinator judged', /\/coordinator$/, /^626f6479/],
  ['records that a view of several named', /\/coordinator$/, /^70616972/],
  ['checkpoints that a coordinator signed', /\/coordinator$/, /^636865636b/],
  ['promises of a coordinator', /\/coordinator$/, /^/],
  ['packets', /\/kept$/, /^7061636b6574/],
  ['sheets', /\/kept$/, /^7368656574/],
  ['states of patients', /\/kept$/, /^7374617465/],
  ['cards', /\/kept$/, /^63617264/],
  ['ends of rights', /\/kept$/, /^(?:656e64|6f766572)/],
  ['sources of what is kept', /\/kept$/, /^736f75726365/],
  ['lists of what is kept, by patient', /\/kept$/, /^(?:68656c64|6c6973746564)/],
  ['lists of rights, by grantee', /\/kept$/, /^676976656e/],
  ['order of what is kept', /\/kept$/, /^/],
  ['letters', /\/letters$/, /^/],
  ['what is to be copied', /\/contributor$/, /^/],
  ['view of the ledger', /\/ledger\/index$/, /^/],
  ['blocks of the ledger', /\/chain$/, /^62/],
  ['receipts of the ledger', /\/chain$/, /^72/],
  ['state of the ledger', /\/chain$/, /^(?:6e|63)/],
  ['indexes of the ledger', /\/chain$/, /^(?:68|74|6c)/],
  ['identity and head of the ledger', /\/chain$/, /^/],
];

/** Separator between a database's path and a row's key in a name. */
const AT = ' ';

/**
 * Rows of databases, altered as somebody alters them who writes checksums that fit.
 *
 * @param whole - The folder.
 * @param older - Rows of its databases as they were earlier.
 */
export function rowSubjects(whole: AtRest, older: ReadonlyMap<string, Rows>): readonly Subject[] {
  const now = byKind(whole.rows);
  const then = byKind(older);
  return [...now].map(([name, things]) => ({
    name,
    things,
    older: then.get(name) ?? new Map<string, Uint8Array>(),
    examine: async (changes) => await examineRows(whole, changes),
  }));
}

function byKind(databases: ReadonlyMap<string, Rows>): Map<string, Map<string, Uint8Array>> {
  const kinds = new Map<string, Map<string, Uint8Array>>();
  for (const [path, rows] of databases) {
    for (const [key, value] of rows) {
      const [name] = KINDS.find(([, where, which]) => where.test(path) && which.test(key)) ?? [];
      if (name === undefined) throw new Error(`nobody knows what ${key} in ${path} is`);
      const things = kinds.get(name) ?? new Map<string, Uint8Array>();
      kinds.set(name, things.set(path + AT + key, value));
    }
  }
  return kinds;
}

async function examineRows(whole: AtRest, changes: Changes): Promise<Outcome> {
  const altered = new Map<string, Map<string, Uint8Array>>();
  for (const [name, value] of changes) {
    const [path = '', key = ''] = name.split(AT);
    const rows = altered.get(path) ?? new Map(whole.rows.get(path));
    altered.set(path, rows);
    if (value === undefined) rows.delete(key);
    else rows.set(key, value);
  }
  const [fault] = await whole.faultsOfRows(altered);
  if (fault !== undefined) return { found: `fsck: ${fault.kind}` };
  return harmlessRows(whole, altered);
}
