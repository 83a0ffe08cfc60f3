/**
 * FHIR R4 bundles: checked, split into parts that each have one category and become one record, amended, and put
 * together again. It is apart from the client because it weighs more than the client does. In Node,
 * `loadFhirDefinitions` of `medseal/node` gives what the validator takes.
 *
 * @example
 * ```ts
 * const bundle = createValidator(loadFhirDefinitions()).validateBundle(parseFhirJson(bytes));
 * const set = `0x${crypto.randomUUID().replaceAll('-', '')}` as const;
 * for (const { category, content } of splitBundle(bundle, { set })) {
 *   const part = { handle, category, content: encodePart(content), grant } as const;
 *   await addRecord(doctor, { ...part, purpose: 'TREAT' });
 * }
 * ```
 */
export { amendBundle } from './amendBundle.ts';
export type { WholeAmendment } from './amendSet.ts';
export { auditEventOf, type EntryToTell, type RecordToTell } from './auditEventOf.ts';
export type { Origin } from './auditParts.ts';
export { auditEventOfRule, type RuleToTell } from './auditEventOfRule.ts';
export { auditInFhir } from './auditInFhir.ts';
export { makeClaim, type ClaimToWrite } from './claims/makeClaim.ts';
export {
  makeClaimResponse,
  makeExplanationOfBenefit,
  type DecisionToWrite,
} from './claims/makeClaimResponse.ts';
export {
  makeCoverage,
  makeEligibilityRequest,
  makeEligibilityResponse,
  type CoverageToWrite,
  type EligibilityToAsk,
} from './claims/makeCoverage.ts';
export { makeInvoice, type BillLine, type TreatmentBill } from './claims/makeInvoice.ts';
export { requireSoundClaim, type ClaimDocuments } from './claims/requireSoundClaim.ts';
export { categorise } from './categorise.ts';
export type { ConsentNote } from './ConsentFindings.ts';
export { consentOfGrant, type GrantToTell } from './consentOfGrant.ts';
export { consentsOfGrants, type ConsentsWritten, type GrantFound } from './consentsOfGrants.ts';
export { createValidator } from './createValidator.ts';
export { decodePart } from './decodePart.ts';
export { DOSE_FIELDS } from './dose/doseFields.ts';
export { readDose, type DoseRead } from './dose/readDose.ts';
export { unitsOfDose } from './dose/unitsOfDose.ts';
export { encodePart } from './encodePart.ts';
export type { ClinicalForm, FormContext } from './forms/ClinicalForm.ts';
export { CLINICAL_FORMS } from './forms/clinicalForms.ts';
export { fillForm } from './forms/fillForm.ts';
export type {
  ChoiceFormField,
  ClockFormField,
  DateFormField,
  FormFault,
  FormField,
  FormFieldName,
  FormValues,
  NumberFormField,
  PartyFormField,
  SeveralFormField,
  TextFormField,
} from './forms/FormField.ts';
export { FORM_CATEGORIES, FORM_NAMES, type FormName } from './forms/formNames.ts';
export { readForm, type FormRead } from './forms/readForm.ts';
export {
  readReport,
  type ReportContext,
  type ReportFault,
  type ReportRead,
  type ReportValues,
} from './forms/reportForm.ts';
export {
  stateOfOrder,
  taskOfOrder,
  type OrderStanding,
  type OrderState,
  type ReportStanding,
} from './orders/taskOfOrder.ts';
export type { RecordReferred } from './orders/recordReference.ts';
export { attachedRecords } from './attachedRecords.ts';
export {
  makeDocumentReference,
  type DocumentDescribed,
  type DocumentKind,
} from './makeDocumentReference.ts';
export type { Amendment } from './makeProvenance.ts';
export type { Beside, Part, PartContent, SplitBy, Whole } from './Part.ts';
export { nameRecords } from './nameRecords.ts';
export { recordTypeOf } from './recordTypeOf.ts';
export { requireProfile } from './requireProfile.ts';
export { parseFhirJson } from './parseFhirJson.ts';
export {
  partsOfBundle,
  type PartClaim,
  type PartsFound,
  type VersionListed,
} from './partsOfBundle.ts';
export { partToBundle } from './partToBundle.ts';
export type { ActorNames } from './readProvision.ts';
export { provenanceOfWrite } from './provenanceOfWrite.ts';
export { reassembleBundle } from './reassembleBundle.ts';
export type { Reassembled } from './reassembleSet.ts';
export {
  rightsOfConsent,
  type ConsentedRight,
  type ConsentRead,
  type ConsentReading,
} from './rightsOfConsent.ts';
export { rightsOfConsents } from './rightsOfConsents.ts';
export { splitBundle, type SplitOptions } from './splitBundle.ts';
export type { Validator } from './Validator.ts';
export { writeFhirJson, type WriteOptions } from './writeFhirJson.ts';
export {
  bundleOfReadings,
  bundleToSeal,
  type ReadingsOf,
  type ReadingsResource,
  type ReadingsTaken,
} from './sensors/bundleOfReadings.ts';
export { deviceResourceOf, type DeviceDescribed } from './sensors/deviceResourceOf.ts';
export { MDC_CODES, mdcCodeOf, type MdcCode } from './sensors/mdcCodes.ts';
export {
  readingsInBundle,
  type ReadingsExpected,
  type ReadingsHeld,
} from './sensors/readingsInBundle.ts';
export type { Sha256 } from '../crypto/merkle/Sha256.ts';
export type { ReadingsHeader, SignedReadings } from '../protocol/sensors/ReadingsHeader.ts';
export type { ReadingsMessage } from '../protocol/sensors/ReadingsMessage.ts';
export type { DeviceAnnounced } from '../protocol/sensors/helloDigest.ts';
