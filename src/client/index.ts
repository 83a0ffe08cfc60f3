/**
 * The client of a network, for Node and browsers. It trusts only the pinned network file; every answer of a node is
 * checked.
 *
 * @example
 * ```ts
 * const network = parseNetworkFile(JSON.parse(pinned));
 * const agent = httpAgent('http://127.0.0.1:8480/hospital');
 * const doctor = await openParty({ ...webPorts, seed, network, agent, log: 'care/hospital', device });
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * ```
 */
export { acceptRecipient } from './acceptRecipient.ts';
export {
  approveAccess,
  declineAccess,
  handOver,
  readAsked,
  readAskedFor,
  requestAccess,
  type AccessAsked,
  type AccessWanted,
} from './accessRequests.ts';
export { addDocument, type DocumentAdded, type NewDocument } from './addDocument.ts';
export { forgetAdded, nameOfContent } from './addedOnce.ts';
export { addRecord } from './addRecord.ts';
export type { Audit, AuditedLog, AuditEvent } from './Audit.ts';
export { chainBlocks, type ChainBlock } from './chainBlocks.ts';
export { examineChain, type ExaminedChain } from './examineChain.ts';
export { keepChain } from './keepChain.ts';
export type { ChainContext } from './examinePart.ts';
export { checkInbox, type InboxNews } from './checkInbox.ts';
export { commitEpochs } from './commitEpochs.ts';
export { confirmContact, contactCardOf } from './confirmContact.ts';
export { confirmFacts } from './confirmFacts.ts';
export { confirmPatient, type PatientCompared, type PatientWanted } from './confirmPatient.ts';
export { confirmSheet } from './confirmSheet.ts';
export { formatContactCard, parseContactCard, type ContactCard } from './ContactCard.ts';
export { copyWitness } from './copyWitness.ts';
export type { DeviceStore } from './DeviceStore.ts';
export { enrol } from './enrol.ts';
export {
  examineLog,
  type ExaminationContext,
  type ExaminedLog,
  type LogSource,
} from './examineLog.ts';
export {
  brokenPromiseOf,
  fetchReceipt,
  type BrokenPromise,
  type ReceiptOptions,
} from './fetchReceipt.ts';
export {
  followPromise,
  type FollowedPromise,
  type PromiseAsker,
  type PromiseWitnesses,
} from './followPromise.ts';
export { grantRight, type GrantGiven, type RightGiven } from './grantRight.ts';
export { listChangedRecipients, type ChangedRecipient } from './listChangedRecipients.ts';
export { httpAgent, type Fetch } from './httpAgent.ts';
export {
  keepRight,
  knownRights,
  rightFor,
  type KnownRight,
  type RightFound,
  type RightWanted,
} from './knownRights.ts';
export { ledgerWitness } from './ledgerWitness.ts';
export { listGrants, type GrantListed } from './listGrants.ts';
export { logVersion, type LoggedVersion } from './logVersion.ts';
export type { LogWitness, ReadLog } from './LogWitness.ts';
export { memoryDevice } from './memoryDevice.ts';
export { openBrowserDevice } from './openBrowserDevice.ts';
export { openParty, type Party, type PartyOptions } from './Party.ts';
export { readPatientState, type KnownGrant, type PatientState } from './PatientState.ts';
export type { AuditOptions } from './examineAudit.ts';
export { faultsOf, readAudit } from './readAudit.ts';
export { readChart, type Chart } from './readChart.ts';
export { readRecord, streamRecord, type RecordRead } from './readRecord.ts';
export { readRecords, type RecordsRead } from './readRecords.ts';
export { refreshPackets, type PacketsRefreshed } from './refreshPackets.ts';
export { restorePatient, type RestoredPatient } from './restorePatient.ts';
export { revokeRight, type RightEnded } from './revokeRight.ts';
export {
  sealVersion,
  type RecordContent,
  type NewVersion,
  type SealedVersion,
} from './sealVersion.ts';
export type { Spool, Spooled } from './Spool.ts';
export { evidenceOfRefusal, type Accepted } from './submit.ts';
export { eraseKeys } from './eraseKeys.ts';
export { suspendParty, type AuthorityKey } from './suspendParty.ts';
export type { ChartRecord, ChartViewed, ChartWanted } from './viewChart.ts';
export { webPorts } from './webPorts.ts';
export type { PartyKeys } from '../crypto/keys/PartyKeys.ts';
export { phraseToSeed, seedToPhrase } from '../crypto/keys/phrase.ts';
export { openWithPassphrase, sealWithPassphrase } from '../crypto/keys/passphrase.ts';
export type { Opener } from '../crypto/sealing/ageHeader.ts';
export type { HybridKem } from '../crypto/sealing/HybridKem.ts';
export type { KeyedCipher, PayloadCipher } from '../crypto/sealing/PayloadCipher.ts';
export type { CreateSha256, Sha256Stream } from '../crypto/Sha256Stream.ts';
export { portablePrimitives } from '../crypto/portablePrimitives.ts';
export { isMedsealError } from '../errors/isMedsealError.ts';
export type { PersonsCompared } from '../fhir/comparePersons.ts';
export type { PatientsFound, PersonNamed } from '../fhir/patientsIn.ts';
export type { DocumentDescribed, DocumentKind } from '../fhir/makeDocumentReference.ts';
export { MedsealError } from '../errors/MedsealError.ts';
export type { AgentPort } from '../protocol/AgentPort.ts';
export { isPending } from '../protocol/isPending.ts';
export type { NetworkFile } from '../protocol/NetworkFile.ts';
export { parseNetworkFile } from '../protocol/parseNetworkFile.ts';
export { domainOf } from '../protocol/domainOf.ts';
export { verifyAcknowledgement } from '../protocol/verifyAcknowledgement.ts';
export type { PromiseFinding } from '../protocol/examinePromise.ts';
export { verifyCheckpoint } from '../protocol/verifyCheckpoint.ts';
export { verifyHistory, type VerifiedHistory } from '../protocol/verifyHistory.ts';
export { verifyReceipt } from '../protocol/verifyReceipt.ts';
