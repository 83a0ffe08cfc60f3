import type { DemoEntries } from './DemoEntries.ts';
import { DAY, demoDay, demoMoment, type DemoSeen } from './DemoSeen.ts';
import { demoConcept, type Concept } from './demoTerms.ts';
import type { DemoVisit } from './DemoVisit.ts';

const ACTIVE: Concept = { code: 'active', display: 'Active' };
const RESOLVED: Concept = { code: 'resolved', display: 'Resolved' };
const CONFIRMED: Concept = { code: 'confirmed', display: 'Confirmed' };

/**
 * Adds the diagnoses and allergies of a visit, and the conclusion.
 *
 * @param entries - The bundle's entries.
 * @param seen - The visit, as what is added refers to it.
 * @param visit - The visit.
 */
export function addDemoFindings(
  entries: DemoEntries,
  { subject, encounter, doctor, ended }: DemoSeen,
  visit: DemoVisit,
): void {
  for (const { daysUntilOver, ...found } of visit.conditions ?? []) {
    const isOver = daysUntilOver !== undefined;
    entries.add({
      resourceType: 'Condition',
      clinicalStatus: demoConcept('conditionStatus', isOver ? RESOLVED : ACTIVE),
      verificationStatus: demoConcept('conditionVerified', CONFIRMED),
      code: demoConcept('snomed', found),
      subject,
      encounter,
      onsetDateTime: demoDay(ended),
      ...(isOver && { abatementDateTime: demoDay(ended + daysUntilOver * DAY) }),
      recordedDate: demoMoment(ended),
      recorder: doctor,
    });
  }
  for (const { severe, reaction, ...allergy } of visit.allergies ?? []) {
    entries.add({
      resourceType: 'AllergyIntolerance',
      clinicalStatus: demoConcept('allergyStatus', ACTIVE),
      type: 'allergy',
      criticality: severe ? 'high' : 'low',
      code: demoConcept('snomed', allergy),
      patient: subject,
      encounter,
      recordedDate: demoMoment(ended),
      reaction: [
        {
          manifestation: [demoConcept('snomed', reaction)],
          severity: severe ? 'severe' : 'mild',
        },
      ],
    });
  }
  if (visit.conclusion !== undefined) {
    entries.add({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: demoConcept('loinc', { code: '11506-3', display: 'Progress note' }),
      subject,
      encounter,
      effectiveDateTime: demoMoment(ended),
      performer: [doctor],
      conclusion: visit.conclusion,
    });
  }
}
