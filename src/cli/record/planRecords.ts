import { extname } from 'node:path';
import { categoryOfDocument } from '../../client/records/addDocument.ts';
import type { RecordContent } from '../../client/records/sealVersion.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { bundleAround } from '../../fhir/bundleAround.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import { parseFhirJson } from '../../fhir/parseFhirJson.ts';
import type { PartContent } from '../../fhir/Part.ts';
import type { Hex } from '../../protocol/ids.ts';
import type { RecordType } from '../../protocol/struct/recordTypes.ts';
import type { Category } from '../../protocol/vocabulary.ts';
import { describeSize } from '../terminal/describeSize.ts';
import { describeFile, type FileDescribed } from '../../fhir/describeFile.ts';
import { fhirForm } from '../../fhir/fhirForm.ts';
import { fhirIn } from '../../fhir/fhirIn.ts';
import { fileText } from '../../fhir/fileText.ts';
import { IN_MEMORY, type Source } from './readSource.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PLAN } from './recordOptions.ts';

/** A planned record, or for a document two. */
export interface Planned {
  readonly category: Category;
  /** For people, such as `imaging, 2.0 GB`. */
  readonly text: string;
  /** Tells the same content from other parts of the file. */
  readonly as: string;
  readonly content: RecordContent;
  readonly size?: number;
  /** Of a part of a FHIR bundle: what it holds. */
  readonly entries?: PartContent['entries'];
  readonly document?: FileDescribed & { readonly title: string; readonly type?: RecordType };
}

/**
 * Plans the records of a file: of FHIR one for each category, of anything else a document, or with `raw` one record.
 *
 * @param source - The file.
 * @param options - Of `medseal record add`.
 * @param set - 16 random bytes that tie the parts of a bundle together.
 * @throws MedsealError `FHIR_INVALID`; `ARGUMENT_INVALID` if the options do not fit the file.
 */
export async function planRecords(
  source: Source,
  { category, kind, raw = false, title, type }: OptionsOf<typeof PLAN>,
  set: Hex,
): Promise<readonly Planned[]> {
  const { name, size, content, beginning } = source;
  const sized = { content, ...(size !== undefined && { size }) };
  const inBytes = size === undefined ? 'a stream' : describeSize(size);
  if (raw && kind !== undefined) {
    const reason = 'with --raw nothing says what it is; leave --kind or --raw out';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--kind', reason });
  }
  if (raw) {
    if (category !== undefined) {
      return [{ category, text: `${category}, ${inBytes}`, as: 'raw', ...sized }];
    }
    const reason = 'with --raw, give the category, such as imaging or reports';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--category', reason });
  }
  if (type === undefined) {
    const resource = typeof content === 'function' ? undefined : fhirIn(content, true);
    if (resource !== undefined) return await partsOf(bundleAround(resource), category, set);
    const form = typeof content === 'function' ? fhirForm(fileText(beginning).text) : undefined;
    if (form !== undefined) {
      const reason = `FHIR of more than ${describeSize(IN_MEMORY)} cannot be split; add it as a document, with --type application/fhir+${form.toLowerCase()}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: name, reason });
    }
  }
  requireMeant(source, category !== undefined || type !== undefined || kind !== undefined);
  // If the name has no extension, the title takes its place.
  const called = title !== undefined && extname(name) === '' ? title : name;
  const document = {
    ...describeFile(called, beginning, type),
    title: title ?? name,
    ...(kind && { type: kind }),
  };
  const chosen = categoryOfDocument({ ...document, ...(category && { category }) });
  const text = `${chosen}, ${inBytes}: ${document.title}, ${document.contentType}`;
  return [{ category: chosen, text, as: 'document', document, ...sized }];
}

/**
 * Refuses JSON that holds no FHIR unless its author says that it is a document: in reports it would lie in one category,
 * whatever it was meant to be.
 */
function requireMeant({ name, content }: Source, isMeant: boolean): void {
  if (isMeant || extname(name).toLowerCase() !== '.json') return;
  const fault =
    typeof content === 'function' ? `is over ${describeSize(IN_MEMORY)}` : jsonFault(content);
  const instead = 'add it as a document, with --type application/json';
  throw new MedsealError('FHIR_INVALID', { reason: `the file ${fault} (or ${instead})` });
}

/** Says why a file that does not look like FHIR is not FHIR in JSON. */
function jsonFault(content: Uint8Array): string {
  try {
    parseFhirJson(content);
    return 'holds no FHIR resource';
  } catch (error) {
    if (!isMedsealError(error, 'FHIR_INVALID')) throw error;
    return error.values.reason.replace(/^the file /, '');
  }
}

async function partsOf(
  fhir: object,
  category: Category | undefined,
  set: Hex,
): Promise<readonly Planned[]> {
  if (category !== undefined) {
    const reason = 'FHIR is sorted by its content; --raw adds the file as it is';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--category', reason });
  }
  const { splitValidBundle } = await import('./splitValidBundle.ts');
  return splitValidBundle(fhir, set).map((part, number) => ({
    ...part,
    text: `${part.category}, ${describeSize(part.content.length)}`,
    as: `part-${number}`,
    size: part.content.length,
    entries: decodePart(part.content).entries,
  }));
}
