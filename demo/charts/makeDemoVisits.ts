import type { Bundle, Encounter } from '@medplum/fhirtypes';
import type { Random } from '../../src/crypto/Random.ts';
import { addDemoFindings } from './addDemoFindings.ts';
import { addDemoTreatment } from './addDemoTreatment.ts';
import { addDemoVitals } from './addDemoVitals.ts';
import { addDemoCast } from './addDemoCast.ts';
import { DemoEntries } from './DemoEntries.ts';
import { DAY, demoDay, demoMoment } from './DemoSeen.ts';
import type { DemoPatient } from './demoPatients.ts';
import { demoCoding, demoConcept } from './demoTerms.ts';
import type { DemoVisit } from './DemoVisit.ts';

/** Options of `makeDemoVisits`. */
export interface DemoVisitsOptions {
  readonly random: Random;
  /** The moment from which the visits' days are counted back, Unix seconds. */
  readonly at: number;
  readonly patient: DemoPatient;
  readonly visits: readonly DemoVisit[];
}

/**
 * Makes the record of an invented patient's visits: one valid R4 bundle with all of them.
 *
 * @param options - The same random bytes and options make the same bundle.
 */
export function makeDemoVisits({ random, at, patient, visits }: DemoVisitsOptions): Bundle {
  const entries = new DemoEntries(random);
  const { subject, hospital, doctor } = addDemoCast(entries, patient);
  for (const visit of visits) {
    const ended = at - visit.daysAgo * DAY;
    const encounter = entries.add<Encounter>({
      resourceType: 'Encounter',
      status: 'finished',
      class: demoCoding('act', { code: 'AMB', display: 'ambulatory' }),
      subject,
      participant: [{ individual: doctor }],
      serviceProvider: hospital,
      reasonCode: [demoConcept('snomed', visit.reason)],
      period: { start: demoMoment(ended - 25 * 60), end: demoMoment(ended) },
    });
    const seen = { subject, encounter, doctor, ended };
    addDemoFindings(entries, seen, visit);
    addDemoTreatment(entries, seen, visit);
    addDemoVitals(entries, seen, visit);
    if (visit.bill !== undefined) {
      const insurer = entries.add({ resourceType: 'Organization', name: 'Example Insurance' });
      const coverage = entries.add({
        resourceType: 'Coverage',
        status: 'active',
        beneficiary: subject,
        payor: [insurer],
      });
      entries.add({
        resourceType: 'Claim',
        status: 'active',
        type: demoConcept('claims', { code: 'professional', display: 'Professional' }),
        use: 'claim',
        patient: subject,
        created: demoDay(ended),
        provider: hospital,
        priority: demoConcept('priority', { code: 'normal', display: 'Normal' }),
        insurance: [{ sequence: 1, focal: true, coverage }],
        item: [{ sequence: 1, productOrService: demoConcept('snomed', visit.reason) }],
        total: { value: visit.bill, currency: 'EUR' },
      });
    }
  }
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: demoMoment(at),
    entry: entries.list,
  };
}
