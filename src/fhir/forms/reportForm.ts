import type {
  Bundle,
  CodeableConcept,
  DiagnosticReport,
  Observation,
  Quantity,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portableSha256 } from '../../crypto/portableSha256.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { fieldOf } from '../fieldOf.ts';
import { keepNumberText, type Holder } from '../numberTexts.ts';
import { recordReference } from '../orders/recordReference.ts';
import type { FormContext } from './ClinicalForm.ts';
import { codedText, codeFault, codeFields } from './codeSystems.ts';
import type { FormFault, FormField, FormValues } from './FormField.ts';
import { hl7Concept, partyReference, patientOf } from './formParts.ts';
import { readFields } from './readFields.ts';

/** Most results of one report. */
export const MOST_RESULTS = 60;

/** The fields of a report, beside its results. */
export const REPORT_FIELDS: readonly FormField[] = [
  { name: 'taken', type: 'moment', required: true },
  { name: 'status', type: 'choice', choices: ['final', 'preliminary'], first: 'final' },
  { name: 'conclusion', type: 'text', longest: 2000, lines: true },
];

/** The fields of one result. */
export const RESULT_FIELDS: readonly FormField[] = [
  { name: 'test', type: 'text', longest: 200, required: true },
  { name: 'value', type: 'text', longest: 200, required: true },
  { name: 'unit', type: 'text', longest: 40 },
  { name: 'low', type: 'text', longest: 20 },
  { name: 'high', type: 'text', longest: 20 },
  { name: 'interpretation', type: 'choice', choices: ['N', 'L', 'H', 'LL', 'HH', 'A', 'AA'] },
  ...codeFields('LOINC', 'SNOMED CT'),
];

/** A report as it was typed. */
export interface ReportValues {
  readonly report: FormValues;
  /** Each result; one without any value counts as absent. */
  readonly results: readonly FormValues[];
}

/** A fault of a report: in a field of its own, or of one of its results. */
export interface ReportFault extends FormFault {
  /** Place of the result among those that were typed, from 0. */
  readonly result?: number;
}

/** The chart, the author, the moment, and the order that is answered. */
export interface ReportContext extends FormContext {
  /** Record of the order, and its ServiceRequest. */
  readonly order: { readonly record: RecordId; readonly request: unknown };
}

/** A report that was read. */
export type ReportRead =
  | { readonly bundle: Bundle; readonly faults: readonly [] }
  | { readonly bundle?: undefined; readonly faults: readonly [ReportFault, ...ReportFault[]] };

/**
 * Reads the answer to an order, and makes its FHIR R4 resources: a DiagnosticReport that is based on the order, and an Observation for
 * each result. The same values make the same bundle.
 *
 * @param values - As they were typed.
 * @param context - Chart, author, moment and order.
 * @example
 * ```ts
 * const results = [{ test: 'Haemoglobin', value: '13.4', unit: 'g/dL', low: '12', high: '16' }];
 * const report = { taken: '2026-03-14T09:30Z', conclusion: 'In range' };
 * const at = Math.floor(Date.now() / 1000);
 * const order = { record: visit, request: { code: { text: 'Blood count' } } };
 * const context = { handle, author: laboratory.address, at, order };
 * const { bundle, faults } = readReport({ report, results }, context);
 * console.log(bundle?.entry?.length ?? faults);
 * ```
 */
export function readReport({ report, results }: ReportValues, context: ReportContext): ReportRead {
  const { at } = context;
  const own = readFields({ fields: REPORT_FIELDS }, report, at);
  const faults: ReportFault[] = [...own.faults];
  const read: FormValues[] = [];
  for (const [result, given] of results.entries()) {
    if (isBlank(given)) continue;
    const row = readFields({ fields: RESULT_FIELDS }, given, at);
    const between = row.faults.length === 0 ? faultBetween(row.read) : undefined;
    const wrong = between === undefined ? row.faults : [between];
    faults.push(...wrong.map((fault) => ({ ...fault, result })));
    read.push(row.read);
  }
  const { conclusion } = own.read;
  if (read.length === 0 && conclusion === undefined) {
    // A page proposes the test: what is missing then is its value.
    faults.push({ field: 'value', fault: 'nothing', result: 0 });
  }
  if (read.length > MOST_RESULTS) {
    faults.push({ field: 'test', fault: 'too-long', limit: String(MOST_RESULTS) });
  }
  const [first, ...more] = faults;
  if (first !== undefined) return { faults: [first, ...more] };
  return { faults: [], bundle: bundleOf(own.read, read, context) };
}

/**
 * Tells whether nobody typed anything into the fields of a result.
 *
 * @param values - Its fields; the system of a code alone says nothing.
 */
export function isBlank(values: FormValues): boolean {
  return Object.entries(values).every(([name, text]) => name === 'system' || text.trim() === '');
}

const NUMBER = /^(<=|>=|<|>)?\s*(-?)(\d{1,9})(?:[.,](\d{1,6}))?$/;

interface Measured {
  readonly text: string;
  readonly comparator?: NonNullable<Quantity['comparator']>;
}

/** A value that is a number, with a point or a comma, perhaps only bounded. */
function measured(text: string): Measured | undefined {
  const [, comparator, sign, whole = '', fraction] = NUMBER.exec(text) ?? [];
  if (whole === '') return undefined;
  const digits = `${sign}${whole.replace(/^0+(?=\d)/, '')}${fraction === undefined ? '' : `.${fraction}`}`;
  return {
    text: digits,
    ...(comparator && { comparator: comparator as NonNullable<Quantity['comparator']> }),
  };
}

function faultBetween(values: FormValues): FormFault | undefined {
  const { value = '', unit, low, high } = values;
  for (const field of ['low', 'high'] as const) {
    const text = values[field];
    const number = text === undefined ? undefined : measured(text);
    if (text !== undefined && (number === undefined || number.comparator !== undefined)) {
      return { field, fault: 'not-a-number', limit: '6' };
    }
  }
  if (low !== undefined && high !== undefined && numberOf(low) > numberOf(high)) {
    return { field: 'high', fault: 'too-low', limit: low };
  }
  const hasScale = unit !== undefined || low !== undefined || high !== undefined;
  if (hasScale && measured(value) === undefined) {
    return { field: 'value', fault: 'not-a-number', limit: '6' };
  }
  return codeFault(values);
}

function numberOf(text: string): number {
  return Number(measured(text)?.text);
}

function quantity({ text, comparator }: Measured, unit: string | undefined): Quantity {
  const made: Quantity = {
    value: Number(text),
    ...(comparator && { comparator }),
    ...(unit !== undefined && { unit }),
  };
  keepNumberText(made as Holder, 'value', text);
  return made;
}

/** Compares a number with its range, if nobody said how it compares. */
function interpretationOf(values: FormValues): string | undefined {
  const { interpretation, value = '', low, high } = values;
  const number = measured(value);
  if (interpretation !== undefined || number === undefined) return interpretation;
  const { comparator = '', text } = number;
  if (high !== undefined && Number(text) > numberOf(high) && !comparator.startsWith('<'))
    return 'H';
  if (low !== undefined && Number(text) < numberOf(low) && !comparator.startsWith('>')) return 'L';
  const isWithin = low !== undefined && high !== undefined && comparator === '';
  return isWithin ? 'N' : undefined;
}

function bundleOf(
  report: FormValues,
  results: readonly FormValues[],
  { handle, author, order }: ReportContext,
): Bundle {
  const { taken = '', status = 'final', conclusion } = report;
  const common = {
    basedOn: [{ type: 'ServiceRequest' as const, ...recordReference({ record: order.record }) }],
    status: status as 'final' | 'preliminary',
    subject: patientOf(handle),
    effectiveDateTime: taken,
    performer: [partyReference(author)],
  };
  const observations = results.map((values, place) => ({
    fullUrl: uuidOf([handle, order.record, author, report, values, place]),
    resource: observationOf(values, common),
  }));
  const made: DiagnosticReport = {
    resourceType: 'DiagnosticReport',
    ...common,
    category: [{ coding: [{ system: `${HL7}/v2-0074`, code: 'LAB' }] }],
    code: conceptOf(order.request),
    ...(observations.length > 0 && {
      result: observations.map(({ fullUrl }) => ({ reference: fullUrl })),
    }),
    ...(conclusion !== undefined && { conclusion }),
  };
  const own = { fullUrl: uuidOf([handle, order.record, author, report, results]), resource: made };
  return { resourceType: 'Bundle', type: 'collection', entry: [own, ...observations] };
}

const HL7 = 'http://terminology.hl7.org/CodeSystem';

function observationOf(
  values: FormValues,
  common: Pick<Observation, 'basedOn' | 'subject' | 'effectiveDateTime' | 'performer'> & {
    readonly status: 'final' | 'preliminary';
  },
): Observation {
  const { test = '', value = '', unit, low, high } = values;
  const number = measured(value);
  const interpretation = interpretationOf(values);
  const end = (text: string): Quantity => quantity(measured(text) ?? { text }, unit);
  return {
    resourceType: 'Observation',
    ...common,
    category: [hl7Concept('observation-category', 'laboratory')],
    code: codedText(test, values),
    ...(number === undefined ? { valueString: value } : { valueQuantity: quantity(number, unit) }),
    ...(interpretation !== undefined && {
      interpretation: [hl7Concept('v3-ObservationInterpretation', interpretation)],
    }),
    ...((low !== undefined || high !== undefined) && {
      referenceRange: [
        {
          ...(low !== undefined && { low: end(low) }),
          ...(high !== undefined && { high: end(high) }),
        },
      ],
    }),
  };
}

/** The words and codes of what was ordered; whoever ordered wrote them, and nobody checked. */
function conceptOf(request: unknown): CodeableConcept {
  const { coding, text } = (fieldOf(request, 'code') ?? {}) as Partial<
    NonNullable<ServiceRequest['code']>
  >;
  return {
    ...(Array.isArray(coding) && { coding }),
    text: typeof text === 'string' ? text : 'Laboratory report',
  };
}

/** A name of a resource in its bundle, which the same content has again. */
function uuidOf(content: unknown): string {
  const hash = portableSha256();
  hash.update(utf8ToBytes(JSON.stringify(content)));
  const hex = bytesToHex(hash.digest()).slice(2);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
  ];
  return `urn:uuid:${[...parts, hex.slice(20, 32)].join('-')}`;
}
