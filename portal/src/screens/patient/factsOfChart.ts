import type { Chart } from '../../../../src/client/index.ts';
import { fieldOf } from '../../../../src/fhir/fieldOf.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import { allergiesNow, doubtOf, isAllergy } from '../../fhir/allergiesNow.ts';
import type { ChartItem } from '../../fhir/ArrangedChart.ts';
import type { FhirWord, Said } from '../../fhir/Said.ts';
import type { ChartState } from '../../session/ChartReader.ts';
import type { FactsKept } from '../../session/factsKept.ts';
import { isReading } from '../../session/isReading.ts';
import { unreadIn } from '../../session/unreadIn.ts';
import { birthIn } from './personShown.ts';
import { personsOf } from '../chart/personsOf.ts';

/** Most allergies that a device keeps of one patient: of a longer list it keeps none. */
const MOST = 20;

/**
 * Returns age and allergies as the banner of an open chart says them, for the list of patients.
 *
 * @param name - Name of the contact, if the patient is one.
 * @param chart - The chart, viewed by a right.
 * @param state - Its records that were opened.
 * @param needed - The categories that the banner opens.
 * @returns Undefined of the person's own chart, and while these records are being read.
 */
export function factsOfChart(
  name: string | undefined,
  chart: Pick<Chart, 'acknowledgement' | 'grant' | 'openerFor' | 'records'>,
  state: ChartState,
  needed: readonly Category[],
): FactsKept | undefined {
  const { grant, acknowledgement } = chart;
  const at = fieldOf(JSON.parse(acknowledgement.body), 'at');
  if (grant === undefined || typeof at !== 'number' || isReading(state, needed)) return undefined;
  const born = birthIn(personsOf(name, state.arranged.persons).own);
  const isWhole = unreadIn(['allergies'], state, chart) === undefined;
  const now = isWhole ? allergiesNow(state.arranged) : [];
  // Of a sensitive record nothing is kept, and so not all would be said.
  const hasSensitive = now.some(
    ({ resource }) => state.recordOf.get(resource)?.category === 'sensitive',
  );
  const isKept = isWhole && !hasSensitive && now.length <= MOST;
  return {
    at,
    right: grant.terms.salt,
    ...(born !== undefined && { born }),
    ...(isKept && {
      allergies: now.map((item) => ({
        title: item.title,
        told: (['fhir.criticality', ...doubtOf(item)] as const).flatMap((word) =>
          valuesOf(item, word),
        ),
        isAllergy: isAllergy(item),
      })),
    }),
  };
}

function valuesOf({ facts }: ChartItem, word: FhirWord): readonly Said[] {
  return facts
    .filter(({ label }) => typeof label === 'object' && 'word' in label && label.word === word)
    .flatMap(({ values }) => values);
}
