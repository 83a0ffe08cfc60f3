import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { amountOf } from './amountOf.ts';
import { codeOf, codesIn } from '../../../src/fhir/codeOf.ts';
import { flagOf, type Flag } from './flagOf.ts';
import type { Resolve } from '../../../src/fhir/Resolve.ts';
import type { Amount, FhirDate, Said } from './Said.ts';
import { objectedTitle } from './objectedTitle.ts';
import { titleOf } from './saidOf.ts';
import type { OurWord, FhirWord } from './Said.ts';
import { whenOf } from './whenOf.ts';

/** LOINC codes of the vital signs that everybody measures, and what they are called. */
const VITALS: Readonly<Record<string, FhirWord>> = {
  'http://loinc.org|85354-9': 'fhir.vital_bloodPressure',
  'http://loinc.org|55284-4': 'fhir.vital_bloodPressure',
  'http://loinc.org|8480-6': 'fhir.vital_systolic',
  'http://loinc.org|8462-4': 'fhir.vital_diastolic',
  'http://loinc.org|8867-4': 'fhir.vital_heartRate',
  'http://loinc.org|9279-1': 'fhir.vital_breathing',
  'http://loinc.org|8310-5': 'fhir.vital_temperature',
  'http://loinc.org|29463-7': 'fhir.vital_weight',
  'http://loinc.org|8302-2': 'fhir.vital_height',
  'http://loinc.org|39156-5': 'fhir.vital_bmi',
  'http://loinc.org|59408-5': 'fhir.vital_oxygen',
  'http://loinc.org|2708-6': 'fhir.vital_oxygen',
};

/** One measurement of a series. */
export interface Measurement {
  readonly amount: Amount;
  readonly when?: FhirDate;
  /** Reference range, in the series' unit. */
  readonly low?: number;
  readonly high?: number;
  readonly flag?: Flag;
  /** The observation that it is from. */
  readonly resource: unknown;
}

/** Measurements of the same thing in the same unit. */
export interface Series {
  readonly key: string;
  readonly title: Said;
  readonly unit: string;
  /** The name of the whole that it is a component of, such as a blood pressure. */
  readonly group?: { readonly key: string; readonly title: Said };
  /** Newest first; those without a date last. */
  readonly points: readonly Measurement[];
}

/** Most characters of a group in the key of each of its series. */
const LONGEST_GROUP = 500;
const UNUSED: ReadonlySet<unknown> = new Set(['entered-in-error', 'cancelled']);
const NEVER: Resolve = () => undefined;

/**
 * Collects the measurements among resources into series by code and unit, newest first. Observations that their author
 * took back do not count.
 *
 * @param resources - Resources of any kind; anything else is passed over.
 */
export function measurementsOf(resources: readonly unknown[]): readonly Series[] {
  const found = new Map<string, Omit<Series, 'points'> & { readonly points: Measurement[] }>();
  const places = new Map<string, number>();
  /** A number for a name, so that a long one does not stand in the key of each series. */
  const placeOf = (name: unknown): number => {
    const text = JSON.stringify(name);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const add = (holder: unknown, from: unknown, within = -1, group?: Series['group']): void => {
    const code = codeOf(fieldOf(holder, 'code'));
    const amount = amountOf(fieldOf(holder, 'valueQuantity'));
    if (code === undefined || amount === undefined) return;
    // A value stands under no name but its author's, or ours.
    const title = nameOf(holder, code);
    const place = [within, code, placeOf(title), amount.unit].join();
    let series = found.get(place);
    if (series === undefined) {
      const inGroup = JSON.stringify(group ?? '').slice(0, LONGEST_GROUP);
      const key = JSON.stringify([inGroup, code, title, amount.unit]);
      series = { key, title, unit: amount.unit, points: [], ...(group && { group }) };
      found.set(place, series);
    }
    series.points.push({ amount, ...timeAndRange(holder, from, amount), resource: from });
  };
  for (const resource of resources) {
    if (fieldOf(resource, 'resourceType') !== 'Observation') continue;
    if (UNUSED.has(fieldOf(resource, 'status'))) continue;
    add(resource, resource);
    const key = codeOf(fieldOf(resource, 'code'));
    const group = key === undefined ? undefined : { key, title: nameOf(resource, key) };
    const within = group && placeOf(group);
    for (const component of listOf(fieldOf(resource, 'component')).slice(0, 200)) {
      add(component, resource, within, group);
    }
  }
  const time = ({ when }: Measurement): number => when?.at ?? -Infinity;
  const series = [...found.values()].map((each) => {
    return {
      ...each,
      title: objectedTitle(each.title, ...each.points.map(({ resource }) => resource)),
    };
  });
  for (const { points } of series) points.sort((left, right) => compare(time(right), time(left)));
  return series;
}

/** Our name of what is measured, or its author's. */
function nameOf(holder: unknown, code: string): Said {
  const told = { resourceType: 'Observation', code: fieldOf(holder, 'code') };
  return vitalName(code) ?? titleOf(told, NEVER);
}

/** Also of two that have no date, which are infinitely old. */
function compare(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

function timeAndRange(
  holder: unknown,
  from: unknown,
  amount: Amount,
): Omit<Measurement, 'amount' | 'resource'> {
  const when = whenOf(from);
  const ranges = listOf(fieldOf(holder, 'referenceRange')).slice(0, 20);
  // Ranges of other kinds, such as one for treatment, are not what a value is compared with.
  const normal =
    ranges.find((range) => codesIn(fieldOf(range, 'type')).includes('normal')) ??
    (ranges.length === 1 ? ranges[0] : undefined);
  const [low, high] = ['low', 'high'].map((end) => {
    const limit = amountOf(fieldOf(normal, end));
    return limit?.unit === amount.unit || limit?.unit === '' ? limit.value : undefined;
  });
  const flag = flagOf(fieldOf(holder, 'interpretation'), amount, low, high);
  return {
    ...(when && { when }),
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
    ...(flag && { flag }),
  };
}

/**
 * The name of a vital sign in the person's language.
 *
 * @param code - As `codeOf` gives it.
 * @returns Undefined for anything else, which is called what its author called it.
 */
function vitalName(code: string): OurWord | undefined {
  const word = Object.hasOwn(VITALS, code) ? VITALS[code] : undefined;
  return word && { word };
}
