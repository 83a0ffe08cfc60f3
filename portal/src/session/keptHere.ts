import {
  listKept,
  readKept,
  removeKept,
  type KeptHolder,
  type KeptRecord,
} from '../../../src/client/index.ts';
import { ZERO32 } from '../../../src/protocol/ids.ts';
import { openedFrom, type OpenedRecord } from './openRecord.ts';

/** A kept record as a list shows it. */
export interface KeptHere {
  readonly kept: KeptRecord;
  readonly opened: OpenedRecord;
  /** Of a document: its file, if that is kept as well. */
  readonly file?: KeptRecord;
}

/**
 * Returns what this browser keeps, those that are over soonest first. No node is asked, and nothing is viewed.
 *
 * @param holder - The device with its keys.
 */
export async function keptHere(holder: KeptHolder): Promise<readonly KeptHere[]> {
  const listed = await listKept(holder);
  const records = listed.map(({ version }) => version);
  const opened: KeptHere[] = [];
  for (const kept of listed) {
    // An objection is shown with the record that it is about.
    if (kept.version.about !== ZERO32) continue;
    // One that was altered since is not shown.
    const content = await readKept(holder, kept.version).catch(() => undefined);
    if (content === undefined) continue;
    const chart = { handle: kept.handle, records };
    const of = await openedFrom(holder, chart, kept.version, content.content);
    const file = of.file && listed.find(({ version }) => version.file === of.file?.file);
    opened.push({ kept, opened: of, ...(file && { file }) });
  }
  const files = new Set(opened.flatMap(({ file }) => (file ? [file.version.file] : [])));
  return opened
    .filter(({ kept }) => !files.has(kept.version.file))
    .toSorted((left, right) => left.kept.keep - right.kept.keep);
}

/** Opens the file of a kept document. */
export async function openKeptFile(
  holder: KeptHolder,
  { version }: KeptRecord,
): Promise<OpenedRecord> {
  const { content } = await readKept(holder, version);
  return { record: version, content };
}

/** Removes a kept record from this browser, a document with its file. */
export async function removeHere(holder: KeptHolder, { kept, file }: KeptHere): Promise<void> {
  for (const { version } of file === undefined ? [kept] : [kept, file]) {
    await removeKept(holder, version);
  }
}
