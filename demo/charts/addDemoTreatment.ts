import type { DemoEntries } from './DemoEntries.ts';
import { demoDay, demoMoment, type DemoSeen } from './DemoSeen.ts';
import { demoConcept } from './demoTerms.ts';
import type { DemoVisit } from './DemoVisit.ts';

/**
 * Adds the medicines, vaccines, procedures and the plan of a visit.
 *
 * @param entries - The bundle's entries.
 * @param seen - The visit, as what is added refers to it.
 * @param visit - The visit.
 */
export function addDemoTreatment(
  entries: DemoEntries,
  { subject, encounter, doctor, ended }: DemoSeen,
  visit: DemoVisit,
): void {
  for (const { dose, stopped = false, ...medicine } of visit.medications ?? []) {
    entries.add({
      resourceType: 'MedicationRequest',
      status: stopped ? 'stopped' : 'active',
      intent: 'order',
      medicationCodeableConcept: demoConcept('rxnorm', medicine),
      subject,
      encounter,
      authoredOn: demoMoment(ended),
      requester: doctor,
      dosageInstruction: [{ text: dose }],
    });
  }
  for (const vaccine of visit.immunizations ?? []) {
    entries.add({
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: demoConcept('cvx', vaccine),
      patient: subject,
      encounter,
      occurrenceDateTime: demoMoment(ended),
    });
  }
  for (const procedure of visit.procedures ?? []) {
    entries.add({
      resourceType: 'Procedure',
      status: 'completed',
      code: demoConcept('snomed', procedure),
      subject,
      encounter,
      performedDateTime: demoMoment(ended),
    });
  }
  if (visit.plan !== undefined) {
    entries.add({
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      title: `Plan after the visit of ${demoDay(ended)}`,
      description: visit.plan,
      subject,
      encounter,
      created: demoMoment(ended),
      author: doctor,
    });
  }
}
