import { SYNCED, type LocalDatabase, type RowChange } from '../../database/synced.ts';
import { RowStore } from '../../database/rows/RowStore.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import { indexBasis, LedgerIndex } from '../LedgerIndex.ts';
import { hashOf, idsOf, patientsLedger } from './patientsLedger.ts';

/** Patients whose rows are written at once. */
const AT_ONCE = 200;
/** Key of the note, as in `RowStore`. */
const MARK = 'mark';
const TEXT = { valueEncoding: 'utf8' } as const;

/** Note of a commit, as `RowStore` has it in its own row. */
interface Noted {
  readonly mark: { readonly block: number };
  readonly sizes: Readonly<Record<string, number>>;
}

/** A row of the first patient with what every patient has its own of. */
type Template = readonly (string | { readonly id: number } | { readonly block: true })[];

/**
 * Fills an empty database with the rows that an index has of `patientsLedger`, in a fraction of the time that it takes to read them: the index
 * itself makes those of the first patient, and those of the others are the same with their own ids and blocks.
 *
 * @param database - It is left open.
 * @param patients - Their number.
 */
export async function fillIndex(database: LocalDatabase, patients: number): Promise<void> {
  const rows = await RowStore.open(database, indexBasis(network));
  const provider = patientsLedger(() => 1);
  await new LedgerIndex({ provider, network, clock: systemClock, rows }).refresh();
  const ids = new Map(idsOf(0).map((id, place) => [id, place]));
  const templates: (readonly [key: Template, value: Template])[] = [];
  for await (const [key, value] of rows.committed()) {
    templates.push([templateOf(key, ids), templateOf(JSON.stringify(value), ids)]);
  }
  for (let first = 0; first < patients; first += AT_ONCE) {
    const changes: RowChange<string>[] = [];
    for (let patient = first; patient < Math.min(patients, first + AT_ONCE); patient++) {
      const own = idsOf(patient);
      for (const [key, value] of templates) {
        changes.push({
          type: 'put',
          key: filled(key, own, patient),
          value: filled(value, own, patient),
        });
      }
    }
    await database.batch(changes, TEXT);
  }
  const noted = await notedIn(database);
  const block = patients - 1;
  const mark = { ...noted.mark, block, hash: hashOf(block), changed: block };
  const sizes = Object.fromEntries(
    Object.entries(noted.sizes).map(([kind, size]) => [kind, size * patients]),
  );
  const value = JSON.stringify({ ...noted, mark, sizes });
  await database.batch([{ type: 'put', key: MARK, value }], { ...TEXT, ...SYNCED });
}

/**
 * Adds the rows of a network's index to filled ones, which pass for rows of that network from then on.
 *
 * @param filled - The database of `fillIndex`.
 * @param own - That of the network's node, which does not run.
 */
export async function addRows(filled: LocalDatabase, own: LocalDatabase): Promise<void> {
  const [all, few] = [await notedIn(filled), await notedIn(own)];
  const sizes: Record<string, number> = { ...all.sizes };
  for (const [kind, size] of Object.entries(few.sizes)) sizes[kind] = (sizes[kind] ?? 0) + size;
  const rows = await own.iterator<string, string>(TEXT).all();
  const changes = rows.map(([key, value]): RowChange<string> => ({ type: 'put', key, value }));
  changes.push({ type: 'put', key: MARK, value: JSON.stringify({ ...few, sizes }) });
  await filled.batch(changes, { ...TEXT, ...SYNCED });
}

async function notedIn(database: LocalDatabase): Promise<Noted> {
  return JSON.parse((await database.get<string, string>(MARK, TEXT)) ?? '') as Noted;
}

function templateOf(text: string, ids: ReadonlyMap<string, number>): Template {
  return text.split(/(?<part>0x[\da-f]+|(?<="block":)\d+)/).map((part) => {
    const id = ids.get(part);
    if (id !== undefined) return { id };
    return /^\d+$/.test(part) ? { block: true } : part;
  });
}

function filled(template: Template, ids: readonly string[], patient: number): string {
  let text = '';
  for (const part of template) {
    if (typeof part === 'string') text += part;
    else text += 'id' in part ? (ids[part.id] ?? '') : String(patient);
  }
  return text;
}
