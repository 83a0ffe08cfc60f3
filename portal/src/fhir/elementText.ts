import type { FhirWord, Said } from './Said.ts';
import { shownText } from './shownText.ts';

/** Elements that mean the same in every resource. */
const NAMED: Readonly<Record<string, FhirWord>> = {
  encounter: 'fhir.encounter',
  context: 'fhir.encounter',
  intent: 'fhir.intent',
  priority: 'fhir.priority',
  identifier: 'fhir.identifier',
  category: 'fhir.category',
  type: 'fhir.type',
  description: 'fhir.description',
  outcome: 'fhir.outcome',
  use: 'fhir.use',
  period: 'fhir.period',
  note: 'fhir.note',
  method: 'fhir.method',
  author: 'fhir.author',
  address: 'fhir.address',
  telecom: 'fhir.contact',
  gender: 'fhir.sex',
  birthDate: 'fhir.born',
  status: 'fhir.status',
  reasonCode: 'fhir.reason',
  reasonReference: 'fhir.reason',
  bodySite: 'fhir.bodySite',
  performer: 'fhir.performer',
  code: 'fhir.code',
};

/**
 * The name of an element: our word, or the words that FHIR made it of.
 *
 * @param name - Anything.
 */
export function elementName(name: string): Said {
  return Object.hasOwn(NAMED, name) && NAMED[name] ? { word: NAMED[name] } : elementText(name);
}

/**
 * The name of an element or type that we have no word for, in the words that FHIR made it of: `Body structure` for
 * `bodyStructure`.
 *
 * @param name - Anything.
 */
export function elementText(name: unknown): string {
  const text = shownText(name, 100).replaceAll('\n', ' ');
  const words = text.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
