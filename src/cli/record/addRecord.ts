import { addRecord } from '../../client/addRecord.ts';
import type { LoggedVersion } from '../../client/logVersion.ts';
import type { Party } from '../../client/Party.ts';
import type { Content, NewVersion } from '../../client/sealVersion.ts';
import { bytesToHex, bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { systemRandom } from '../../node/systemRandom.ts';
import type { Handle } from '../../protocol/ids.ts';
import type { Category, Purpose } from '../../protocol/vocabulary.ts';
import { awaitEvidence } from '../awaitEvidence.ts';
import { findPatient, type PatientContact } from '../contact/findContact.ts';
import { describePurpose, short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { saveReceipts } from '../saveReceipts.ts';
import type { Wait } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { relianceFor } from './chart.ts';
import type { ChartOptions } from './listRecords.ts';
import { readSource, type Source } from './readSource.ts';

/** Options of `medseal record add`. */
export interface AddOptions extends ChartOptions, WaitOptions {
  readonly category?: Category;
}

/** One record to be. */
interface NewRecord {
  readonly category: Category;
  readonly content: Content;
  readonly size?: number;
}

/**
 * Seals a file and puts it on a chart: a FHIR bundle as a record for each category, anything else as one.
 *
 * @param terminal - Shows what is signed and asks.
 * @param file - The file; `-` is standard input.
 * @param options - See `medseal record add --help`.
 * @throws MedsealError `FHIR_INVALID`; `ARGUMENT_INVALID` where no category is named for what is no bundle.
 */
export async function addRecords(
  terminal: Terminal,
  file: string,
  options: AddOptions,
): Promise<Answer> {
  const source = await readSource(terminal, file);
  if (source.size === 0) {
    throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason: 'it is empty' });
  }
  terminal.progress.stage('reading');
  const records = await recordsIn(source, options.category);
  const visitor = await openVisitor(terminal, options);
  const patient = await findPatient(visitor, options.patient);
  const { versions, purpose } = await prepare(terminal, visitor, patient, records, options);
  await terminal.confirm([
    `You are about to sign, as ${visitor.key.name} (${visitor.party.address}):`,
    '',
    `  add to the chart of ${patient.name} (${short(patient.handle)})`,
    ...records.map(
      ({ category, size }) =>
        `    ${category}, ${size === undefined ? 'a stream' : describeSize(size)}`,
    ),
    `  from ${source.name}, for ${describePurpose(purpose)}`,
    '',
    'It can be opened by the patient, and by whom the patient lets read these categories.',
  ]);
  const added: (LoggedVersion & { category: Category })[] = [];
  for (const [at, version] of versions.entries()) {
    terminal.progress.stage(`sealing ${at + 1} of ${versions.length}`);
    const logged = await addRecord(visitor.party, counted(terminal, version, records[at]?.size));
    added.push({ ...logged, category: version.category });
  }
  return await finish(terminal, visitor.party, patient.handle, added, options);
}

async function prepare(
  terminal: Terminal,
  visitor: Visitor,
  patient: PatientContact,
  records: readonly NewRecord[],
  options: AddOptions,
): Promise<{ readonly versions: readonly NewVersion[]; readonly purpose: Purpose }> {
  terminal.progress.stage('looking for the right');
  const versions: NewVersion[] = [];
  for (const { category, content } of records) {
    const wanted = {
      action: 'add',
      category,
      ...(options.purpose && { purpose: options.purpose }),
    } as const;
    const { right, purpose } = await relianceFor(visitor, patient, wanted);
    const { handle } = patient;
    versions.push({ handle, category, content, purpose, ...(right && { grant: right.grant }) });
  }
  return { versions, purpose: versions[0]?.purpose ?? 'TREAT' };
}

async function recordsIn(
  { name, size, content }: Source,
  category: Category | undefined,
): Promise<readonly NewRecord[]> {
  if (category !== undefined) return [{ category, content, ...(size !== undefined && { size }) }];
  const bundle = typeof content === 'function' ? undefined : bundleIn(content);
  if (bundle === undefined) {
    const reason = `${name} is no FHIR bundle in JSON; say what it is, such as imaging or reports`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--category', reason });
  }
  const { splitValidBundle } = await import('./splitValidBundle.ts');
  return splitValidBundle(bundle, bytesToHex(systemRandom(16))).map((part) => ({
    ...part,
    size: part.content.length,
  }));
}

/** A FHIR bundle, not validated; undefined where the bytes are something else. */
export function bundleIn(bytes: Uint8Array): object | undefined {
  if (!/^\s*\{/.test(String.fromCharCode(...bytes.subarray(0, 64)))) return undefined;
  try {
    const value = JSON.parse(bytesToUtf8(bytes)) as { resourceType?: unknown };
    return value.resourceType === 'Bundle' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same version, whose bytes are counted as they are sealed. */
function counted(
  { progress }: Terminal,
  { content, ...version }: NewVersion,
  size: number | undefined,
): NewVersion {
  if (typeof content !== 'function') return { ...version, content };
  return { ...version, content: () => progress.counted(content(), size) };
}

/** What a verb that writes can wait for. */
export interface WaitOptions {
  readonly wait?: Wait;
  readonly receipts?: string;
}

/**
 * Waits for what the user wants to wait for, and says what was put on a chart, with the places of the entries.
 *
 * @param terminal - For progress.
 * @param party - The author.
 * @param handle - The chart.
 * @param logged - The versions.
 * @param options - `receipts`: the folder that receipts are kept in.
 */
export async function finish(
  terminal: Terminal,
  party: Party,
  handle: Handle,
  logged: readonly (LoggedVersion & { readonly category: Category })[],
  { wait, receipts }: WaitOptions,
): Promise<Answer> {
  const entries = logged.map(({ acknowledgement }) => acknowledgement);
  if (receipts !== undefined) {
    terminal.progress.stage('waiting for the receipts');
    await saveReceipts(entries, [party], receipts, terminal);
  } else {
    for (const [at, entry] of entries.entries()) {
      if (wait === 'receipt') terminal.progress.stage(`receipt ${at + 1} of ${entries.length}`);
      await awaitEvidence(terminal, party, entry, { wait, later: entries });
    }
  }
  const records = logged.map(({ record, version, category, acknowledgement }) => {
    const { log, index } = acknowledgement;
    return { record, version, category, log, index };
  });
  return {
    value: { handle, records, ...(receipts && { receipts }) },
    text: table(
      ['record', 'version', 'category', 'entry'],
      records.map(({ record, version, category, log, index }) => [
        record.slice(0, 10),
        String(version),
        category,
        `${log} #${index}`,
      ]),
    ),
  };
}
