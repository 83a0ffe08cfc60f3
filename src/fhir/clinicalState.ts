import { fieldOf, listOf } from './fieldOf.ts';
import { VITAL_SIGN_CODES } from './loincCodes.ts';
import { codesIn } from './codeOf.ts';

const ACTIVE_PROBLEM: readonly string[] = ['active', 'recurrence', 'relapse'];
const ENDED_PROBLEM: readonly string[] = ['inactive', 'remission', 'resolved'];

/** Tells whether its author took a resource back. */
export function isTakenBack(resource: unknown): boolean {
  return (
    fieldOf(resource, 'status') === 'entered-in-error' ||
    codesIn(fieldOf(resource, 'verificationStatus')).includes('entered-in-error')
  );
}

/** Tells whether a problem is one still: it is, if it does not say that it is over. */
export function isActiveProblem(resource: unknown): boolean {
  if (codesIn(fieldOf(resource, 'verificationStatus')).includes('refuted')) return false;
  const codes = codesIn(fieldOf(resource, 'clinicalStatus'));
  if (codes.some((code) => ACTIVE_PROBLEM.includes(code))) return true;
  if (codes.some((code) => ENDED_PROBLEM.includes(code))) return false;
  const ended =
    typeof resource === 'object' &&
    Object.keys(resource ?? {}).some((name) => name.startsWith('abatement'));
  return !ended;
}

/** Returns how dangerous an allergy is, from 0 to 3. */
export function riskOf(resource: unknown): number {
  const reactions = listOf(fieldOf(resource, 'reaction')).slice(0, 100);
  const isSevere = reactions.some((reaction) => fieldOf(reaction, 'severity') === 'severe');
  return (fieldOf(resource, 'criticality') === 'high' ? 2 : 0) + (isSevere ? 1 : 0);
}

/** Tells whether an observation is a vital sign, by its category or its code. */
export function isVitalSign(resource: unknown): boolean {
  const categories = listOf(fieldOf(resource, 'category')).flatMap(codesIn);
  if (categories.some((code) => code === 'vital-signs' || code === 'vital-sign')) return true;
  if (categories.includes('laboratory')) return false;
  return codesIn(fieldOf(resource, 'code')).some((code) => VITAL_SIGN_CODES.includes(code));
}

const ENDED_MEDICINE: readonly unknown[] = [
  'completed',
  'stopped',
  'cancelled',
  'declined',
  'not-taken',
  'not-done',
  // Nobody ordered it yet.
  'draft',
];

/** Tells whether a medicine may be taken now: it is, if its status does not say that it ended. */
export function isActiveMedicine(resource: unknown): boolean {
  return !ENDED_MEDICINE.includes(fieldOf(resource, 'status'));
}

/**
 * Tells whether a resource is an allergy or a medicine that counts now: it is, if it does not say that it is over.
 *
 * @param resource - Anything.
 */
export function countsNow(resource: unknown): boolean {
  if (isTakenBack(resource)) return false;
  switch (fieldOf(resource, 'resourceType')) {
    case 'AllergyIntolerance':
      return isActiveProblem(resource);
    case 'MedicationRequest':
    case 'MedicationStatement':
    case 'MedicationAdministration':
    case 'MedicationDispense':
      return isActiveMedicine(resource);
    default:
      return false;
  }
}
