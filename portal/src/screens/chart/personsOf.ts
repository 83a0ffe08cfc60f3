import { comparePersons } from '../../../../src/fhir/comparePersons.ts';
import { patientsIn, type PersonNamed } from '../../../../src/fhir/patientsIn.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import { spend } from '../../../../src/fhir/budget.ts';

/** Most persons of unlike names that are compared: somebody may add any number, and the rest are of another name. */
const MOST = 50;

/** The persons that the records of a chart name, beside the one whom the reader knows. */
export interface PersonsOnChart {
  /** Persons with the name that the reader knows, or with names that fit each other. */
  readonly own: readonly ChartItem[];
  /** Persons with another name. */
  readonly others: readonly ChartItem[];
  /** True if `own` say birth dates that contradict each other. */
  readonly birthsDiffer: boolean;
}

/**
 * Compares the Patient resources of a chart with the name that the reader gave the patient. Anybody who may add can put a
 * Patient on the chart, so none of them renames it: one of another name is a wrong patient's file, or a hostile one.
 *
 * @param name - Name of the contact; without one, the persons are compared with each other.
 * @param persons - Patient resources, as they are described.
 */
export function personsOf(name: string | undefined, persons: readonly ChartItem[]): PersonsOnChart {
  const named = persons.map((item) => [item, personIn(item)] as const);
  const unlike = new Map(named.map(([, { names }]) => [JSON.stringify(names), names]));
  const compared = [...unlike].slice(0, MOST);
  const known = name === undefined ? compared.map(([, names]) => names) : [[name]];
  spend(compared.length * known.length);
  const ownNames = new Set(
    compared
      .filter(([, names]) =>
        known.every((each) => comparePersons({ names: each }, { names }) !== 'different'),
      )
      .map(([text]) => text),
  );
  const isOwn = ({ names }: PersonNamed): boolean => ownNames.has(JSON.stringify(names));
  const own = named.filter(([, person]) => isOwn(person));
  const births = [...new Set(own.flatMap(([, { birthDate }]) => birthDate ?? []))].slice(0, MOST);
  return {
    own: own.map(([item]) => item),
    others: named.filter(([, person]) => !isOwn(person)).map(([item]) => item),
    birthsDiffer: births.some((left) => births.some((right) => isOtherBirth(left, right))),
  };
}

function isOtherBirth(left: string, right: string): boolean {
  const names: readonly string[] = [];
  return comparePersons({ names, birthDate: left }, { names, birthDate: right }) === 'different';
}

function personIn({ resource }: ChartItem): PersonNamed {
  // Only the fields of a Patient are read, and each may be anything.
  const [person] = patientsIn([{ resource: resource as never }]).patients;
  return person ?? { names: [] };
}
