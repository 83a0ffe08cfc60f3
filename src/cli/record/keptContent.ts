import { listKept, readKept } from '../../client/kept/readKept.ts';
import { effectivePart } from '../../client/care/records/effectivePart.ts';
import { attachedTo } from '../../client/records/attachedTo.ts';
import { readObjections } from '../../client/records/objections.ts';
import { partIn } from '../../client/records/readParts.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Objection } from '../../fhir/effectiveResource.ts';
import { partToBundle } from '../../fhir/partToBundle.ts';
import { openHolder } from '../home/openHolder.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { objectionsInAll } from './describeObjection.ts';
import { mediaTypeOf, writtenFhir } from './writtenPart.ts';

/** A record that the device keeps, as it is given out. */
export interface KeptContent {
  readonly content: Uint8Array;
  readonly record: ChartRecord;
  /** Until when the device may open it, Unix seconds. */
  readonly keep: number;
  /** Of a document: its media type, as its author told it. */
  readonly contentType?: string;
  /** Objections to it that the device keeps. */
  readonly objections: readonly Objection[];
}

/**
 * Opens a record that the device keeps. No node is asked.
 *
 * @param terminal - Asks for the passphrase.
 * @param id - The beginning of the record's id.
 * @param options - Device and key, and the version's number; the newest that is kept if absent.
 * @throws MedsealError `ARGUMENT_INVALID` if it is not an id, or several begin so; as `readKept`.
 */
export async function keptContent(
  terminal: Terminal,
  id: string,
  options: VisitorOptions & { readonly number?: number; readonly raw?: boolean },
): Promise<KeptContent> {
  const holder = await openHolder(terminal, options);
  const kept = await listKept(holder);
  const records = kept.map(({ version }) => version);
  const [named] = withBeginning(readNamedId(id, 'record'), kept, ({ version }) => version.record);
  if (named === undefined) throw new MedsealError('NOT_FOUND', { what: 'kept record' });
  const { number } = options;
  const wanted = { record: named.version.record, ...(number !== undefined && { version: number }) };
  const { content, version: record, keep } = await readKept(holder, wanted);
  const written = options.raw === true ? undefined : partIn(content, record);
  const chart = { handle: named.handle, records };
  if (written === undefined) {
    return { content, record, keep, objections: await readObjections(holder, chart, record) };
  }
  const part = await effectivePart(holder, chart, record, written);
  const objections = objectionsInAll(part.entries);
  const file = attachedTo({ records }, part, record);
  if (file === undefined) {
    return { content: writtenFhir(partToBundle(part)), record, keep, objections };
  }
  const contentType = mediaTypeOf(part, file);
  return {
    content: (await readKept(holder, file)).content,
    record: file,
    keep,
    objections,
    ...(contentType !== undefined && { contentType }),
  };
}
