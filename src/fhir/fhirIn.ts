import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { parseFhirJson } from './parseFhirJson.ts';
import { fhirForm, type FhirForm } from './fhirForm.ts';
import { fileText } from './fileText.ts';

/** A FHIR resource as it was read, not validated. */
export interface ResourceRead {
  readonly resourceType: unknown;
}

/**
 * Reads a file as FHIR in JSON. A file that looks like FHIR and is not valid is refused, never taken for something
 * else: as a document it would lie in one category, whatever it holds.
 *
 * @param bytes - The file.
 * @param asDocument - True if the error says how the file is added as a document.
 * @returns The resource; undefined if the file does not look like FHIR.
 * @throws MedsealError `FHIR_INVALID` with what is the matter, and what to do.
 */
export function fhirIn(bytes: Uint8Array, asDocument = false): ResourceRead | undefined {
  try {
    return resourceIn(bytes);
  } catch (error) {
    if (!(error instanceof Off)) throw error;
    const type = `application/fhir+${error.form.toLowerCase()}`;
    const instead = ` (or add the file as a document, with --type ${type})`;
    throw new MedsealError('FHIR_INVALID', { reason: error.message + (asDocument ? instead : '') });
  }
}

function resourceIn(bytes: Uint8Array): ResourceRead | undefined {
  const { text, encoding } = fileText(bytes);
  const form = fhirForm(text);
  if (form !== undefined && encoding === 'UTF-16') {
    throw new Off('the file is in UTF-16; save it in UTF-8', form);
  }
  if (form === 'XML') throw new Off('the file is FHIR in XML; convert it to JSON', form);
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = valueIn(bytes, text, form !== undefined);
  if (isResource(value)) return value;
  if (form === undefined) return undefined;
  throw new Off(
    Array.isArray(value)
      ? 'the file is a list of resources; make a Bundle of them'
      : 'the file holds FHIR within other JSON; add the resource or Bundle alone',
    form,
  );
}

function valueIn(bytes: Uint8Array, text: string, isFhir: boolean): unknown {
  try {
    return parseFhirJson(bytes);
  } catch (error) {
    if (!isMedsealError(error, 'FHIR_INVALID')) throw error;
    if (!isFhir) return undefined;
    throw new Off(
      isLines(text)
        ? 'the file is NDJSON, a resource on each line; make a Bundle of them'
        : error.values.reason,
      'JSON',
    );
  }
}

/** Tells whether the first lines are each an object, as NDJSON has them. */
function isLines(text: string): boolean {
  const [first, second] = text.split('\n', 64).filter((line) => line.trim() !== '');
  return [first, second].every((line) => /^\s*\{.*\}\s*$/.test(line ?? ''));
}

function isResource(value: unknown): value is ResourceRead {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'resourceType');
}

/** Why a file that looks like FHIR is not read as it. */
class Off extends Error {
  readonly form: FhirForm;

  constructor(reason: string, form: FhirForm) {
    super(reason);
    this.form = form;
  }
}
