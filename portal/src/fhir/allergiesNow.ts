import { countsNow } from '../../../src/fhir/clinicalState.ts';
import { codesIn } from '../../../src/fhir/codeOf.ts';
import { fieldOf, listOf } from '../../../src/fhir/fieldOf.ts';
import { noKnownAllergyIn, type NoKnownAllergy } from '../../../src/fhir/noKnownAllergy.ts';
import type { ArrangedChart, ChartItem } from './ArrangedChart.ts';
import type { FhirWord } from './Said.ts';

/** Groups of allergens that are not medicines. */
const NO_DRUGS: readonly unknown[] = ['food', 'environment'];
/** Certainties of FHIR that a reader must hear: every other entry is one that somebody stands by. */
const DOUBTED: readonly string[] = ['unconfirmed', 'provisional', 'differential', 'refuted'];

/**
 * Returns the allergies that count now, as every place reads them that has room for a few words: the banner, Home and the
 * emergency card. A statement that no allergy is known is not among them beside an allergy that it denies.
 *
 * @param chart - The chart.
 */
export function allergiesNow({
  allergies,
}: Pick<ArrangedChart, 'allergies'>): readonly ChartItem[] {
  const now = allergies.filter(({ resource }) => countsNow(resource));
  const known = now.filter(isAllergy);
  return now.filter((item) => {
    const statement = statementOf(item);
    return statement === undefined || !known.some(({ resource }) => denies(statement, resource));
  });
}

/**
 * Tells whether an item is an allergy, and not the statement that none is known.
 *
 * @param item - Of the allergies of a chart.
 */
export function isAllergy(item: ChartItem): boolean {
  return statementOf(item) === undefined;
}

/**
 * Returns the word of the certainty, to be told with an allergy that is refuted or not confirmed.
 *
 * @param item - Of the allergies of a chart.
 */
export function doubtOf({ resource }: ChartItem): readonly FhirWord[] {
  const codes = codesIn(fieldOf(resource, 'verificationStatus'));
  return codes.some((code) => DOUBTED.includes(code)) ? ['fhir.certainty'] : [];
}

function statementOf({ resource }: ChartItem): NoKnownAllergy | undefined {
  return noKnownAllergyIn(fieldOf(resource, 'code'));
}

/** An allergen of an unknown group may be a medicine. */
function denies(statement: NoKnownAllergy, allergy: unknown): boolean {
  if (statement === 'none') return true;
  const groups = listOf(fieldOf(allergy, 'category')).slice(0, 20);
  return groups.length === 0 || groups.some((group) => !NO_DRUGS.includes(group));
}
