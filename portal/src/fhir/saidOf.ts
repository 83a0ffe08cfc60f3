import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { MEDSEAL_SYSTEMS } from '../../../src/fhir/medsealSystems.ts';
import { amountOf } from './amountOf.ts';
import { spend } from '../../../src/fhir/budget.ts';
import { codeWord } from './codeWords.ts';
import { conceptOf } from './conceptOf.ts';
import { doseOf } from './doseOf.ts';
import { elementName } from './elementText.ts';

import { parseFhirDate } from './parseFhirDate.ts';
import type { Referrer, Resolve } from '../../../src/fhir/Resolve.ts';
import type { Said } from './Said.ts';
import { shownText } from './shownText.ts';
import { kindName } from './kindName.ts';
import { KIND_VIEWS } from './kindViews.ts';
import { namesIn, valuesAt } from './valuesAt.ts';

/** Elements whose text is a date. */
const DATES =
  /(?:date|time|instant|issued|recorded|authored\w*|created|creation|start|started|end|ended|sent|received|handedover|prepared|updated)$/i;
/** Longest name of an element of FHIR. */
const LONGEST_NAME = 64;
/** Deepest element that is told of, most parts on each level, and most values among which they are looked for. */
const [DEEPEST, MOST, MOST_TRIED] = [6, 50, 200];

/**
 * Says a value of a resource in words, by its form: FHIR's data types tell themselves apart by their fields, and any other
 * value is told field by field. Markup is left out, never obeyed.
 *
 * @param value - Anything.
 * @param element - The element that it stands in.
 * @param referrer - The resource that it stands in.
 * @param depth - Of the value in its resource.
 * @returns An empty text if it says nothing.
 */
export function saidOf(value: unknown, element: string, referrer: Referrer, depth = 0): Said {
  spend(1);
  if (typeof value === 'string') {
    const word = codeWord(element, value);
    if (word !== undefined && /^[a-z-]+$/i.test(value)) return { word };
    return (
      (DATES.test(element.slice(-LONGEST_NAME)) ? parseFhirDate(value) : undefined) ??
      shownText(value)
    );
  }
  if (typeof value === 'boolean') return { word: value ? 'fhir.code_true' : 'fhir.code_false' };
  if (typeof value === 'number') return amountOf({ value }) ?? shownText(value);
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return '';
  if (Array.isArray(value)) {
    const tried = value.slice(0, MOST_TRIED);
    return several(tried.map((each) => saidOf(each, element, referrer, depth + 1)));
  }
  const has = (...names: readonly string[]): boolean =>
    names.some((name) => fieldOf(value, name) !== undefined);
  const text = (name: string): string => shownText(fieldOf(value, name));

  if (has('resourceType')) return titleOf(value, referrer.resolve, depth + 1);
  if (typeof fieldOf(value, 'reference') === 'string') return referenceOf(value, referrer, depth);
  // An address says nothing to a person; the entries of its records name their author.
  if (fieldOf(fieldOf(value, 'identifier'), 'system') === MEDSEAL_SYSTEMS.party) {
    return text('display');
  }
  if (has('doseAndRate', 'timing', 'patientInstruction', 'asNeededBoolean')) return doseOf(value);
  if (has('coding') || (has('code') && has('system') && !has('value'))) {
    return conceptOf(value, element) ?? '';
  }
  const amount = amountOf(value);
  if (amount !== undefined) return amount;
  if (has('low', 'high')) {
    const [low, high] = [amountOf(fieldOf(value, 'low')), amountOf(fieldOf(value, 'high'))];
    const written = text('text');
    if (low || high) return { ...(low && { low }), ...(high && { high }) };
    if (written !== '') return written;
  }
  if (has('numerator', 'denominator')) {
    const parts = ['numerator', 'denominator'].map((name) => amountOf(fieldOf(value, name)) ?? '?');
    return { parts, joint: ' / ' };
  }
  if (has('start', 'end')) {
    const [from, until] = [fieldOf(value, 'start'), fieldOf(value, 'end')].map(parseFhirDate);
    if (from || until) return { ...(from && { from }), ...(until && { until }) };
  }
  if (has('family', 'given')) return nameText(value);
  if (has('contentType') || (has('url') && has('title'))) {
    return several([text('title') || text('url').slice(0, 200), text('contentType')]);
  }
  if (has('line', 'city', 'postalCode', 'country')) {
    const lines = ['line', 'postalCode', 'city', 'district', 'state', 'country'];
    return (
      text('text') ||
      several(
        lines.flatMap((name) =>
          listOf(fieldOf(value, name))
            .slice(0, MOST)
            .map((each) => shownText(each)),
        ),
      )
    );
  }
  if (typeof fieldOf(value, 'value') === 'string') return text('value');
  const isNote = typeof fieldOf(value, 'text') === 'string';
  if (isNote) return text('text');
  if (typeof fieldOf(value, 'display') === 'string') return text('display');
  return fieldsOf(value, referrer, depth);
}

/** Says an object of an unknown type in words: each of its fields with its name. */
function fieldsOf(value: object, referrer: Referrer, depth: number): Said {
  const names = namesIn(value).filter(
    (name) => !/^(?:id|div|url|system|sequence|data)$/.test(name),
  );
  return several(
    names.slice(0, MOST).map((name): Said => {
      const said = saidOf(fieldOf(value, name), name, referrer, depth + 1);
      if (said === '') return '';
      return name.startsWith('value') ? said : { parts: [elementName(name), said], joint: ': ' };
    }),
  );
}

function referenceOf(value: object, { from, resolve }: Referrer, depth: number): Said {
  const display = shownText(fieldOf(value, 'display'), 500);
  if (display !== '') return display;
  const found = depth < 3 ? resolve(from, fieldOf(value, 'reference') as string) : undefined;
  const title = found === undefined ? '' : titleOf(found, resolve, depth + 2);
  return title === '' ? ELSEWHERE : title;
}

/** Said of a reference whose resource is not there. */
const ELSEWHERE: Said = { word: 'fhir.elsewhere' };

function several(said: readonly Said[]): Said {
  const parts = said.filter((each) => each !== '').slice(0, MOST);
  const [only = ''] = parts;
  return parts.length < 2 ? only : { parts, joint: ', ' };
}

/** The places in which a resource of an unknown kind can have its title. */
const USUAL = [
  'code',
  'medicationCodeableConcept',
  'medicationReference',
  'name',
  'title',
  'description',
  'type',
  'category',
  'vaccineCode',
  'content.attachment.title',
  'topic',
];

/**
 * Says in a few words what a resource is about; the name of its kind if it does not say.
 *
 * @param resource - Anything.
 * @param resolve - Finds what its references name.
 * @param depth - Number of resources that refer to it on the way here.
 * @param from - The resource that its references are of, if it is only a piece of that one.
 */
export function titleOf(resource: unknown, resolve: Resolve, depth = 0, from = resource): Said {
  const type = fieldOf(resource, 'resourceType');
  const row =
    typeof type === 'string' && Object.hasOwn(KIND_VIEWS, type) ? KIND_VIEWS[type] : undefined;
  let untold = false;
  if (depth < 8) {
    for (const path of row?.title ?? USUAL) {
      for (const { element, value } of valuesAt(resource, path)) {
        const said = saidOf(value, element, { from, resolve }, depth + 1);
        // A record is not called by one that is not there.
        if (said !== '' && said !== ELSEWHERE) return said;
        untold ||= said === ELSEWHERE && row?.facts.some((fact) => fact.includes(path)) === false;
      }
    }
  }
  // Nobody takes a dose for that of a medicine which is named nowhere.
  return untold ? { parts: [kindName(type), ELSEWHERE], joint: ': ' } : kindName(type);
}

/**
 * A person's name as it is written, from a FHIR HumanName.
 *
 * @param name - Anything.
 */
function nameText(name: unknown): string {
  const written = shownText(fieldOf(name, 'text'), 200);
  if (written !== '') return written;
  return ['prefix', 'given', 'family', 'suffix']
    .flatMap((part) => listOf(fieldOf(name, part)).slice(0, 10))
    .map((part) => shownText(part, 100))
    .filter((part) => part !== '')
    .join(' ');
}
