import type { PatientCompared } from '../../client/state/confirmPatient.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { PersonNamed } from '../../fhir/patientsIn.ts';

/** The most characters of a name, and the most persons that are told. */
const [LONGEST, MOST] = [80, 5];

/**
 * Describes the patient of a bundle, and what the chart says, in lines for the person who is to sign.
 *
 * @param found - Result of the comparison.
 */
export function describePatient(found: PatientCompared): readonly string[] {
  const { patients, others, chart, compared, reason } = found;
  const about =
    patients.length === 0
      ? ['the file names no patient: check yourself that it belongs on this chart']
      : told(patients).map((person) => `the file is about ${person}`);
  const elsewhere = others
    .slice(0, MOST)
    .map(
      (reference) => `it refers to ${visibleText(reference, LONGEST)}, which it does not contain`,
    );
  if (compared === 'same') return [...about, 'the chart says the same'];
  const beside =
    patients.length === 0
      ? []
      : chart.length === 0
        ? ['nothing that you may read on the chart tells whose it is']
        : told(chart).map((person) => `the chart is that of ${person}`);
  return [...about, ...elsewhere, ...beside, ...(reason === undefined ? [] : [`but ${reason}`])];
}

function told(persons: readonly PersonNamed[]): readonly string[] {
  const lines = persons.slice(0, MOST).map(({ names, birthDate }) => {
    const name = names[0] === undefined ? 'someone without a name' : visibleText(names[0], LONGEST);
    return `${name}, ${birthDate === undefined ? 'no birth date' : `born ${visibleText(birthDate, 10)}`}`;
  });
  return persons.length > MOST ? [...lines, `${persons.length - MOST} more`] : lines;
}
