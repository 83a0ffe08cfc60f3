import type { Bundle, Resource } from '@medplum/fhirtypes';
import { loadFhirDefinitions } from '../../node/loadFhirDefinitions.ts';
import { seededRandom } from '../../node/test/testNetwork.ts';
import { createValidator } from '../createValidator.ts';
import { DEMO_CHARTS } from '../../../demo/charts/demoCharts.ts';
import { makeDemoResults } from '../../../demo/charts/makeDemoResults.ts';
import { makeDemoVisits } from '../../../demo/charts/makeDemoVisits.ts';
import { withHostileTexts } from './withHostileTexts.ts';

const AT = 1_800_000_000;
const SOMEBODY = { display: 'somebody' };
const WHAT = { text: 'something' };
/** The least of the kinds that the demonstration has none of. */
const OTHERS: readonly Resource[] = [
  { resourceType: 'Medication' },
  { resourceType: 'CarePlan', status: 'active', intent: 'plan', subject: SOMEBODY },
  { resourceType: 'Goal', lifecycleStatus: 'active', description: WHAT, subject: SOMEBODY },
  { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: SOMEBODY },
  { resourceType: 'ImagingStudy', status: 'available', subject: SOMEBODY },
  { resourceType: 'Coverage', status: 'active', beneficiary: SOMEBODY, payor: [SOMEBODY] },
  {
    resourceType: 'MedicationStatement',
    status: 'active',
    subject: SOMEBODY,
    medicationCodeableConcept: WHAT,
  },
  {
    resourceType: 'MedicationAdministration',
    status: 'completed',
    subject: SOMEBODY,
    medicationCodeableConcept: WHAT,
    effectiveDateTime: '2026-01-01',
  },
  {
    resourceType: 'MedicationDispense',
    status: 'completed',
    medicationCodeableConcept: WHAT,
  },
  { resourceType: 'Basic', code: WHAT },
];

/**
 * Makes a valid bundle with a resource of each kind that people read, and a text in every place in which R4 allows one.
 *
 * @param text - The text.
 */
export function makeHostileBundle(text: string): Bundle {
  const validator = createValidator(loadFhirDefinitions());
  const resources = DEMO_CHARTS.flatMap(({ patient, earlier, newest, results }) => {
    const common = { random: seededRandom('hostile'), at: AT, patient };
    return [
      makeDemoVisits({ ...common, visits: [...earlier, newest] }),
      makeDemoResults({ ...common, results }),
    ];
  }).flatMap(({ entry = [] }) => entry.flatMap(({ resource }) => resource ?? []));
  const ofEachKind = new Map([...resources, ...OTHERS].map((each) => [each.resourceType, each]));
  return validator.validateBundle({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [...ofEachKind.values()].map((resource, at) => ({
      fullUrl: `urn:uuid:00000000-0000-4000-8000-0000000000${String(at).padStart(2, '0')}`,
      resource: withHostileTexts(resource, text),
    })),
  });
}
