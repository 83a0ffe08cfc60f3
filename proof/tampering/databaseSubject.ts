import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { LEDGER_INDEX_FOLDER } from '../../src/node/atLedger/openLedgerIndex.ts';
import type { Dice } from '../simulation/Dice.ts';
import { sameRows, type AtRest, type Rows } from './AtRest.ts';
import type { Alteration, Changes } from './alter.ts';
import { harmlessRows, REASONS } from './harmlessRows.ts';
import type { Outcome, Subject } from './Subject.ts';

/**
 * Whole databases, each put back to how it was earlier, taken away, or exchanged with another.
 *
 * @param whole - The folder.
 * @param older - The folder as it was earlier.
 * @param then - Rows of its databases.
 */
export function databaseSubject(
  whole: AtRest,
  older: string,
  then: ReadonlyMap<string, Rows>,
): Subject {
  const paths = [...whole.rows.keys()].filter((path) => path !== 'lock');
  const isOther = (path: string, rows: Rows | undefined): boolean =>
    rows !== undefined && !sameRows(whole.rows.get(path) ?? new Map(), rows);
  return {
    name: 'databases as a whole',
    // A database that takes the place of another is named by the path it comes from.
    things: new Map(paths.map((path) => [path, utf8ToBytes(join(whole.data, path))])),
    older: new Map(),
    draw,
    examine: async (changes) => await examineDatabases(whole, changes, then),
  };

  function draw(dice: Dice): Alteration {
    for (;;) {
      const [path, other] = [dice.pick(paths), dice.pick(paths)];
      const way = dice.pick(['older version', 'deleted', 'two exchanged'] as const);
      const changes = new Map<string, Uint8Array | undefined>();
      if (way === 'deleted') changes.set(path, undefined);
      if (way === 'older version' && isOther(path, then.get(path))) {
        changes.set(path, utf8ToBytes(join(older, path)));
      }
      if (way === 'two exchanged' && isOther(path, whole.rows.get(other))) {
        changes.set(path, utf8ToBytes(join(whole.data, other)));
        changes.set(other, utf8ToBytes(join(whole.data, path)));
      }
      const where = way === 'two exchanged' ? ` with ${other}` : '';
      if (changes.size > 0) return { way, changes, what: `${path}: ${way}${where}` };
    }
  }
}

async function examineDatabases(
  whole: AtRest,
  changes: Changes,
  then: ReadonlyMap<string, Rows>,
): Promise<Outcome> {
  const [fault] = await whole.withCopy(async (copy) => {
    for (const [path, from] of changes) {
      await rm(join(copy, path), { recursive: true });
      if (from === undefined) continue;
      await cp(Buffer.from(from).toString(), join(copy, path), { recursive: true });
    }
    return await whole.faultsOn(copy);
  });
  if (fault !== undefined) return { found: `fsck: ${fault.kind}` };
  const altered = new Map<string, Rows>();
  for (const [path, from] of changes) {
    const rows = Buffer.from(from ?? [])
      .toString()
      .startsWith(whole.data)
      ? whole.rows.get(
          Buffer.from(from ?? [])
            .toString()
            .slice(whole.data.length + 1),
        )
      : then.get(path);
    if (path === LEDGER_INDEX_FOLDER && from === undefined) return { harmless: REASONS.view };
    if (from === undefined || rows === undefined) return { missed: 'no fault is found' };
    altered.set(path, rows);
  }
  return harmlessRows(whole, altered);
}
