import type { Observation, ObservationComponent } from '@medplum/fhirtypes';
import type { DemoEntries } from './DemoEntries.ts';
import { demoMoment, type DemoSeen } from './DemoSeen.ts';
import { demoConcept, demoQuantity, type Concept } from './demoTerms.ts';
import type { DemoVisit } from './DemoVisit.ts';

const SYSTOLIC: Concept = { code: '8480-6', display: 'Systolic blood pressure' };
const DIASTOLIC: Concept = { code: '8462-4', display: 'Diastolic blood pressure' };

/**
 * Adds the vital signs of a visit.
 *
 * @param entries - The bundle's entries.
 * @param seen - The visit, as what is added refers to it.
 * @param visit - The visit.
 */
export function addDemoVitals(
  entries: DemoEntries,
  { subject, encounter, ended }: DemoSeen,
  { vitals }: DemoVisit,
): void {
  if (vitals === undefined) return;
  const common: Omit<Observation, 'code'> = {
    resourceType: 'Observation',
    status: 'final',
    category: [demoConcept('observations', { code: 'vital-signs', display: 'Vital Signs' })],
    subject,
    encounter,
    effectiveDateTime: demoMoment(ended - 20 * 60),
  };
  entries.add({
    ...common,
    code: demoConcept('loinc', { code: '85354-9', display: 'Blood pressure' }),
    component: [
      pressure(SYSTOLIC, vitals.systolic, 139),
      pressure(DIASTOLIC, vitals.diastolic, 89),
    ],
  });
  entries.add({
    ...common,
    code: demoConcept('loinc', { code: '8867-4', display: 'Heart rate' }),
    valueQuantity: demoQuantity(vitals.pulse, '/min', 'beats/minute'),
    referenceRange: [
      {
        low: demoQuantity(50, '/min', 'beats/minute'),
        high: demoQuantity(100, '/min', 'beats/minute'),
      },
    ],
  });
  entries.add({
    ...common,
    code: demoConcept('loinc', { code: '29463-7', display: 'Body weight' }),
    valueQuantity: demoQuantity(vitals.weight, 'kg'),
  });
  if (vitals.temperature !== undefined) {
    entries.add({
      ...common,
      code: demoConcept('loinc', { code: '8310-5', display: 'Body temperature' }),
      valueQuantity: demoQuantity(vitals.temperature, 'Cel', '°C'),
      referenceRange: [
        { low: demoQuantity(36, 'Cel', '°C'), high: demoQuantity(37.5, 'Cel', '°C') },
      ],
    });
  }
}

/** One of the two values of a blood pressure. */
function pressure({ code, display }: Concept, value: number, high: number): ObservationComponent {
  return {
    code: demoConcept('loinc', { code, display }),
    valueQuantity: demoQuantity(value, 'mm[Hg]', 'mmHg'),
    referenceRange: [{ high: demoQuantity(high, 'mm[Hg]', 'mmHg') }],
  };
}
