/**
 * The client of a network, for Node and browsers. It trusts only the pinned network file; every answer of a node is
 * checked.
 *
 * A function that asks an agent throws `PEER_UNREACHABLE` or `OVERLOADED` if none answers, `PEER_MALFORMED` if the answer
 * is malformed, and `LEDGER_UNREACHABLE` if the organisation cannot reach the ledger. One that signs a request may also
 * be refused with `PARTY_UNKNOWN`, `PARTY_SUSPENDED`, `QUOTA_SPENT` or `VERDICTS_MISSING`, with `REQUEST_LATE` or
 * `REQUEST_EARLY` if the clock is wrong, and throws `EVIDENCE_INVALID` if the agent's evidence does not hold. The
 * functions name the other codes.
 *
 * @example
 * ```ts
 * const network = parseNetworkFile(JSON.parse(pinned));
 * const agent = httpAgent('http://127.0.0.1:8480/hospital');
 * const doctor = await openParty({ ...webPorts, seed, network, agent, log: 'care/hospital', device });
 * const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
 * ```
 */
export { applyRules, type RulesApplied } from './rules/applyRules.ts';
export type { ArchiveFile, ArchiveSource } from './archive/ArchiveFile.ts';
export type { ArchiveEntry } from './archive/archiveEntries.ts';
export type { ChainRecord } from './archive/archivePaths.ts';
export type { ArchiveSubject } from './archive/archiveSubject.ts';
export {
  examineArchive,
  type ArchiveContext,
  type ArchiveFault,
  type ExaminedArchive,
} from './archive/examineArchive.ts';
export { exportChart, type ChartExported, type ExportOptions } from './archive/exportChart.ts';
export {
  importChart,
  type ChartImported,
  type ImportOffered,
  type ImportOptions,
} from './archive/importChart.ts';
export type { LeftOut, ManifestFile } from './archive/Manifest.ts';
export type { Replaced, ReplacedUrl } from '../fhir/importedPart.ts';
export { originFault, originsOf, type RecordOrigin } from './archive/origin.ts';
export type { SealPorts, SealProof } from './archive/sealProof.ts';
export type { ArchivedRecord } from './archive/tailFiles.ts';
export type { TarNamed } from './archive/tarHeader.ts';
export { addRule, readRules, removeRule, requireSoundRule } from './rules/changeRules.ts';
export type { RulesPlan } from './rules/planRules.ts';
export type { DueRight } from './rules/dueRights.ts';
export { previewRules, type RulesPreview } from './rules/previewRules.ts';
export type { DenyRule, PermitRule, StandingRule } from './rules/StandingRule.ts';
export { acceptRecipient } from './rights/acceptRecipient.ts';
export {
  approveAccess,
  declineAccess,
  handOver,
  readAsked,
  readAskedFor,
  requestAccess,
  type AccessAsked,
  type RequestEnd,
  type AccessWanted,
  withdrawRequest,
} from './letters/accessRequests.ts';
export { browserName } from './news/browserName.ts';
export { listTold } from './news/listTold.ts';
export { stopTelling } from './news/stopTelling.ts';
export { tellBrowser } from './news/tellBrowser.ts';
export type { ToldBrowsers } from '../protocol/AgentPort.ts';
export { addBundle, type BundleAdded, type NewBundle } from './records/addBundle.ts';
export {
  addDocument,
  categoryOfDocument,
  type DocumentAdded,
  type NewDocument,
} from './records/addDocument.ts';
export { addedBefore, forgetAdded, nameOfContent, nameOfHash } from './records/addedOnce.ts';
export { addRecord } from './records/addRecord.ts';
export { applicationWords } from './operator/applicationWords.ts';
export { httpOperator } from './operator/httpOperator.ts';
export { ownApplicationWords } from './operator/ownApplicationWords.ts';
export type {
  ApplicationShown,
  ApplicationStanding,
  OperatorLog,
  OperatorPort,
  ChangeShown,
  ContractCreated,
  ContractsCreated,
  OperatorChange,
  OperatorEngine,
  OperatorMember,
  OperatorState,
  PartiesShown,
  SuspensionShown,
  OperatorUpgrade,
  OperatorIndex,
  ComparedIndex,
} from '../protocol/operator/OperatorPort.ts';
export type { NodeReason } from '../protocol/operator/nodeReasons.ts';
export type { SignerState, ValidatorKeyPlace } from '../protocol/operator/ValidatorKeyPlace.ts';
export type { PartyApplication } from '../protocol/operator/PartyApplication.ts';
export { agentLedger } from './agent/agentLedger.ts';
export type {
  Audit,
  AuditedLog,
  AuditEvent,
  KeptAudit,
  KeptLog,
  ReleaseTold,
} from './audit/Audit.ts';
export {
  untoldRecords,
  viewedRecords,
  writesIn,
  type ViewedRecord,
  type WrittenVersions,
} from './audit/viewedRecords.ts';
export { auditAsFhir, type AuditToWrite } from './audit/auditAsFhir.ts';
export { readChartEvents, type ChartEvent } from '../bindings/readChartEvents.ts';
export type { ClaimEvents } from '../bindings/ClaimEvents.ts';
export type { EventPlace, OfficeName, RuleEvent, RuleEvents } from '../bindings/RuleEvent.ts';
export {
  certifyErasure,
  erasedCategories,
  erasureToCertify,
  type CertifiedErasure,
  type CertifyOptions,
  type MovedErasure,
  type UnstatedErasure,
} from './audit/certifyErasure.ts';
export { recallSealed, rememberSealed } from './party/sealedMemory.ts';
export type { ServedAfter } from './audit/servedAfter.ts';
export { entryOfEvent } from './audit/entryOfEvent.ts';
export { fetchEntry } from './audit/fetchEntry.ts';
export { pairOfEvent } from './audit/pairOfEvent.ts';
export { wholeChartViews } from './audit/wholeChartViews.ts';
export { forkFault } from './audit/forkFault.ts';
export { readCheckpoints } from './audit/readCheckpoints.ts';
export { readEntries, type TileEntry } from './audit/readEntries.ts';
export { readHistory } from './records/readHistory.ts';
export { chainBlocks, chainGenesis, type ChainBlock } from './witness/chainBlocks.ts';
export {
  EvidenceSet,
  type EvidenceSources,
  type PromiseOutcome,
  type SettledPromise,
  type VerifiedEvidence,
  type Verifier,
} from './audit/EvidenceSet.ts';
export { isSealProven } from './audit/isSealProven.ts';
export { verifySealedFile } from './audit/verifySealedFile.ts';
export type { LedgerCompared } from './witness/compareWithLedger.ts';
export { examineChain, type ExaminedChain } from './witness/examineChain.ts';
export { keepChain } from './witness/keepChain.ts';
export type { ChainContext } from './records/examinePart.ts';
export { checkInbox } from './care/inbox/checkInbox.ts';
export type { InboxNews } from './letters/InboxNews.ts';
export { readMistakes, sharedMistake } from './letters/keptMistakes.ts';
export {
  MOST_WORDS,
  REPORT_TOPICS,
  type Mistake,
  type MistakeAbout,
  type MistakeReply,
  type ReportTopic,
  waitsForAnswer,
} from './letters/Mistake.ts';
export {
  readersBefore,
  readersToTell,
  tellReaders,
  type ReadersTold,
} from './letters/tellReaders.ts';
export { aboutEntry, isAboutVersion } from './letters/mistakeEntry.ts';
export {
  answerByAmending,
  answerMistake,
  reportMistake,
  sendAnswer,
  type MistakeAnswered,
  type NewMistake,
} from './letters/mistakes.ts';
export {
  askAboutRight,
  extendRight,
  type RightAsked,
  type RightExtended,
} from './letters/rightReports.ts';
export { servedBy, type ServedBy } from './letters/servedBy.ts';
export { moveParty, type PartyMoved } from './care/inbox/moveParty.ts';
export { noteContacts, notedContacts, type NamedContact } from './letters/contactNotes.ts';
export { commitEpochs } from './epochs/commitEpochs.ts';
export { preparedIn } from './epochs/epochIdentity.ts';
export { guardChart } from './epochs/guardChart.ts';
export { turnFormerKeys } from './epochs/turnFormerKeys.ts';
export { confirmContact, contactCardOf, networkOnCard } from './party/confirmContact.ts';
export { attachedTo } from './records/attachedTo.ts';
export { incompleteSets, type IncompleteSet } from './records/incompleteSets.ts';
export { isWithdrawn } from './records/isWithdrawn.ts';
export { newestOfEach } from './records/newestOfEach.ts';
export { LARGEST_PART, partIn, type PartRecord } from './records/readParts.ts';
export { readWhole } from './records/readWhole.ts';
export { effectivePart } from './care/records/effectivePart.ts';
export { confirmFacts } from './audit/confirmFacts.ts';
export { confirmParties } from './audit/confirmParties.ts';
export { confirmNewest, type NewestNode, type NewestOptions } from './audit/confirmNewest.ts';
export {
  confirmPatient,
  type PatientCompared,
  type PatientWanted,
} from './state/confirmPatient.ts';
export { confirmSheet } from './epochs/confirmSheet.ts';
export {
  formatContactCard,
  looksLikeContactCard,
  parseContactCard,
  type ContactCard,
} from './party/ContactCard.ts';
export { copyWitness } from './witness/copyWitness.ts';
export type { DeviceStore } from './party/DeviceStore.ts';
export { enrol } from './party/enrol.ts';
export {
  examineNetwork,
  type ExaminedNetwork,
  type NetworkFinding,
  type NetworkSources,
} from './audit/examineNetwork.ts';
export { provesFault } from './audit/provesFault.ts';
export { examinePortal, type PortalFinding, type PortalSources } from './audit/examinePortal.ts';
export { examineLogs, type ComparedLog, type LogsSources } from './audit/examineLogs.ts';
export {
  examineLog,
  type ExaminationContext,
  type ExaminedLog,
  type LogSource,
} from './audit/examineLog.ts';
export {
  brokenPromiseOf,
  fetchReceipt,
  type BrokenPromise,
  type ReceiptOptions,
} from './audit/fetchReceipt.ts';
export {
  followPromise,
  type FollowedPromise,
  type PromiseAsker,
  type PromiseWitnesses,
} from './audit/followPromise.ts';
export {
  grantRight,
  requireSoundRight,
  type GrantGiven,
  type RightGiven,
  type RightGivenNow,
} from './rights/grantRight.ts';
export { listChangedRecipients, type ChangedRecipient } from './rights/listChangedRecipients.ts';
export { agentAddress, httpAgent } from './agent/httpAgent.ts';
export type { Fetch } from './agent/operationCalls.ts';
export {
  keepRight,
  knownRights,
  rightFor,
  type KnownRight,
  type RightFound,
  type RightWanted,
} from './party/knownRights.ts';
export { ledgerWitness } from './witness/ledgerWitness.ts';
export { readRoom, type RoomForRights } from './state/readRoom.ts';
export { listGrants, type GrantListed } from './rights/listGrants.ts';
export { logVersion, type LoggedVersion } from './records/logVersion.ts';
export type { LogWitness, ReadLog } from './witness/LogWitness.ts';
export { aloneOn } from './party/aloneOn.ts';
export { memoryDevice } from './party/memoryDevice.ts';
export {
  deleteBrowserDevice,
  openBrowserDevice,
  type BrowserDevice,
} from './party/openBrowserDevice.ts';
export { openParty, type Acting, type Party, type PartyOptions } from './party/Party.ts';
export { identitiesOf } from './party/identitiesOf.ts';
export { actFor } from './mandates/actFor.ts';
export { endMandate, resignMandate } from './mandates/endMandate.ts';
export { giveMandate, type MandateGiven } from './mandates/giveMandate.ts';
export { listMandates, type MandateListed } from './mandates/listMandates.ts';
export { parseMandateOffer, type MandateOffer } from './mandates/MandateOffer.ts';
export { requireGivable } from './mandates/requireGivable.ts';
export { turnPastMandates } from './mandates/turnPastMandates.ts';
export {
  keepOffered,
  listOffered,
  recallOffered,
  type MandateOffered,
} from './mandates/offeredHere.ts';
export { offerMandate, type MandateWanted } from './mandates/offerMandate.ts';
export { signersOf } from './party/signersOf.ts';
export { preparePatient } from './party/preparePatient.ts';
export { recallAcknowledged } from './state/acknowledgedHere.ts';
export { ownHandle } from './state/ownHandle.ts';
export {
  readPatientState,
  type KnownGrant,
  type KnownMandate,
  type PatientState,
  type StateHolder,
} from './state/PatientState.ts';
export { examineActs } from './audit/examineActs.ts';
export { examineAudit } from './audit/examineAudit.ts';
export type { AuditOptions } from './audit/examineListed.ts';
export {
  keepAudit,
  momentOfAudit,
  recallAudit,
  sumUpAudit,
  type AuditHolder,
} from './audit/keptAudit.ts';
export type { ProvenBlocks } from './audit/provenBlocks.ts';
export { hasNewEvents } from './audit/hasNewEvents.ts';
export { confirmRecordType, type RecordTypeConfirmed } from './records/confirmRecordType.ts';
export { confirmVital } from './care/vital/confirmVital.ts';
export { handOverWill, type WillHandedOver } from './care/vital/handOverWill.ts';
export { willFor } from './care/vital/keptWills.ts';
export { objectToVital } from './care/vital/objectToVital.ts';
export { permitBirthLink, type LinkPermitted } from './care/vital/permitBirthLink.ts';
export { readBirth, type BirthKnown, type BirthOpened } from './care/vital/readBirth.ts';
export { readLife } from './care/vital/readLife.ts';
export { readWill, type WillKnown } from './care/vital/readWill.ts';
export { registerBirth, type BirthPlaced, type NewBirth } from './care/vital/registerBirth.ts';
export { reportDeath, type DeathPlaced, type NewDeath } from './care/vital/reportDeath.ts';
export { setWill, type NewWill, type WillPlaced } from './care/vital/setWill.ts';
export { prepareUndoing, signUndoing, undoVital, type NewUndoing } from './care/vital/undoVital.ts';
export { issueUnits, type NewUnits, type UnitsIssued } from './care/units/issueUnits.ts';
export { readAccount, readIssuer } from './care/units/readUnits.ts';
export { redeemUnits, signRedemption, type NewRedemption } from './care/units/redeemUnits.ts';
export {
  confirmRedemption,
  parseRedemption,
  type RedemptionFile,
} from './care/units/redemptionFile.ts';
export { requireRecordType, type TypedRecord } from './records/requireRecordType.ts';
export { faultsOf, readAudit } from './audit/readAudit.ts';
export { forgetEnded } from './kept/forgetEnded.ts';
export { keepRecord, LARGEST_KEPT } from './kept/keepRecord.ts';
export { listKept, readKept, type KeptHolder, type KeptRecord } from './kept/readKept.ts';
export { removeKept } from './kept/removeKept.ts';
export { watchKept } from './kept/watchKept.ts';
export { ownIdentities, type OwnIdentity } from './records/ownIdentities.ts';
export { objectionsAmong, readObjections } from './records/objections.ts';
export {
  objectToRecord,
  type NewObjection,
  type ObjectionAdded,
} from './records/objectToRecord.ts';
export {
  answerObjection,
  disagreeWithAnswer,
  type ObjectionAnswer,
} from './records/answerObjection.ts';
export { isAnswerAmong, listCorrections, type Correction } from './records/corrections.ts';
export type { Objection } from '../fhir/effectiveResource.ts';
export { readBundle, type BundleRead } from './care/records/readBundle.ts';
export { confirmListed, type ListCount, type ListedChart } from './records/confirmListed.ts';
export { isErasedIn } from './records/isErasedIn.ts';
export { readChart, type Chart, type RecordOpener } from './records/readChart.ts';
export { readWholeChart } from './records/readWholeChart.ts';
export { readRecord, streamRecord, type RecordRead } from './records/readRecord.ts';
export { readSealed } from './records/readSealed.ts';
export { falseReleaseOf, type KeyReleased } from './records/keyReleased.ts';
export { readRecords, type RecordsRead } from './records/readRecords.ts';
export { refreshPackets, type PacketsRefreshed } from './epochs/refreshPackets.ts';
export { restoreRights } from './rights/restoreRights.ts';
export { restorePatient, type RestoredPatient, type Takeover } from './state/restorePatient.ts';
export type { OpensForHeir } from './state/openNewest.ts';
export type { FormerWishes } from './state/withoutFormerWishes.ts';
export { endRight, type RightStopped } from './rights/endRight.ts';
export { revokeRight, type RightEnded } from './rights/revokeRight.ts';
export {
  sealVersion,
  type RecordContent,
  type NewVersion,
  type VersionBefore,
  type SealedVersion,
} from './records/sealVersion.ts';
export { standingRights } from './rights/standingRights.ts';
export type { Spool, Spooled } from './party/Spool.ts';
export type { BlobToSeal, SealBlob, SealedBlob } from './party/SealBlob.ts';
export type { ByteStream } from '../protocol/ByteStream.ts';
export { evidenceOfRefusal, type Accepted } from './agent/submit.ts';
export { changeKey, type KeyChanged, type KeyChangeOptions } from './party/changeKey.ts';
export { findParty } from './party/findParty.ts';
export { followNetwork, type FollowedNetwork } from './party/followNetwork.ts';
export { eraseKeys } from './epochs/eraseKeys.ts';
export { hasErasable } from './epochs/hasErasable.ts';
export { requireRetainsNone } from './epochs/requireRetainsNone.ts';
export { draftLeaverSuspensions, type Leaving } from './rights/draftLeaverSuspensions.ts';
export { carrySuspension, draftSuspension, suspendParty } from './rights/suspendParty.ts';
export { signSuspension, type SuspensionRound } from './rights/signSuspension.ts';
export type { AuthorityKey } from './rights/signByMembers.ts';
export { askRecovery } from './recovery/askRecovery.ts';
export { carryRecovery, type RecoveryCarried } from './recovery/carryRecovery.ts';
export { finishRecovery, type RecoveryProgress } from './recovery/finishRecovery.ts';
export { takeOverChart, type ChartTakenOver } from './recovery/takeOverChart.ts';
export {
  parseRecoveryFile,
  recoveryFileOf,
  recoveryIn,
  type RecoveryFile,
} from './recovery/recoveryFile.ts';
export { recoveryWords } from './recovery/recoveryWords.ts';
export { signRecovery, type RecoveryRound } from './recovery/signRecovery.ts';
export { vetoRecovery } from './recovery/vetoRecovery.ts';
export {
  parseSuspensionFile,
  suspensionFileOf,
  type SuspensionFile,
} from './rights/suspensionFile.ts';
export type { ChartRecord, ChartViewed, ChartWanted } from './records/viewChart.ts';
export type { BatchesWithin, ListedPart, ChartPartAsked } from '../protocol/evidence/chartPart.ts';
export type { BatchesApart } from '../protocol/evidence/evidence.ts';
export { webPorts } from './party/webPorts.ts';
export type { HeldKey, SigningKey } from '../crypto/keys/SigningKey.ts';
export type { PartyKeys } from '../crypto/keys/PartyKeys.ts';
export { phraseToSeed, seedToPhrase } from '../crypto/keys/phrase.ts';
export {
  openWithPassphrase,
  sealWithPassphrase,
  type PassphrasePorts,
} from '../crypto/keys/passphrase.ts';
export type { Scrypt } from '../crypto/keys/Scrypt.ts';
export type { HeldIdentity } from '../crypto/sealing/HeldIdentity.ts';
export type { Opener, WhoHalf } from '../crypto/sealing/ageHeader.ts';
export type { GroupPort, PointTerm } from '../crypto/threshold/GroupPort.ts';
export type { ReleaseNote } from '../protocol/release/ReleaseNote.ts';
export type { LogConflict, SignedEntry } from '../protocol/evidence/LogConflict.ts';
export type { ReleasesTold } from '../protocol/release/ReleasesTold.ts';
export type * from '../protocol/care/mandates.ts';
export type { RightOpening } from '../protocol/rights/RightOpening.ts';
export type { ReleaseAsked, SealAsked, ViewAsked } from '../protocol/release/ReleaseAsked.ts';
export type { PairInSet } from '../protocol/release/releasedView.ts';
export type { RefusedView, ReleasedShares } from '../protocol/release/ReleasedShares.ts';
export { RELEASE_FAULTS, type ReleaseFault } from '../protocol/release/releaseFaults.ts';
export type {
  ReleaseProof,
  ReleaseStatement,
  SignedShare,
} from '../protocol/release/ReleaseProof.ts';
export type { SaltedShare } from '../protocol/release/releasedShare.ts';
export type { ErasureCertificate } from '../protocol/evidence/ErasureCertificate.ts';
export {
  verifyErasure,
  type DestroyedAt,
  type ProvenErasure,
} from '../protocol/evidence/verifyErasure.ts';
export {
  verifyReleaseProof,
  type ProvenRelease,
  type ProvenReleases,
} from '../protocol/release/verifyReleaseProof.ts';
export type { HybridKem } from '../crypto/sealing/HybridKem.ts';
export type { KeyedCipher, PayloadCipher } from '../crypto/sealing/PayloadCipher.ts';
export type { CreateSha256, Sha256Stream } from '../crypto/Sha256Stream.ts';
export { portablePrimitives } from '../crypto/portablePrimitives.ts';
export { isMedsealError } from '../errors/isMedsealError.ts';
export type { PersonsCompared } from '../fhir/comparePersons.ts';
export type { PatientsFound, PersonNamed } from '../fhir/patientsIn.ts';
export type { DocumentDescribed, DocumentKind } from '../fhir/makeDocumentReference.ts';
export { MedsealError } from '../errors/MedsealError.ts';
export type { ListedPair, ViewPair } from '../protocol/evidence/viewSet.ts';
export type { AgentPort } from '../protocol/AgentPort.ts';
export { isPending } from '../protocol/rights/isPending.ts';
export type {
  ChainParameters,
  ContractCode,
  EngineUpgrade,
} from '../protocol/network/engineUpgrade.ts';
export type { NetworkFile } from '../protocol/network/NetworkFile.ts';
export { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
export { domainOf } from '../protocol/struct/domainOf.ts';
export { verifyAcknowledgement } from '../protocol/evidence/verifyAcknowledgement.ts';
export type { PromiseFinding } from '../protocol/evidence/examinePromise.ts';
export type { Fork } from '../protocol/network/examineFork.ts';
export type { FoundFork } from '../protocol/evidence/findForks.ts';
export { verifyCheckpoint } from '../protocol/evidence/verifyCheckpoint.ts';
export { verifyHistory, type VerifiedHistory } from '../protocol/evidence/verifyHistory.ts';
export {
  RECORD_TYPE_RULES,
  RECORD_TYPES,
  type RecordType,
  type RecordTypeRules,
} from '../protocol/struct/recordTypes.ts';
export { verifyReceipt } from '../protocol/evidence/verifyReceipt.ts';
export {
  issuePrescription,
  signBeside,
  signPrescription,
} from './care/prescriptions/issuePrescription.ts';
export { placePrescription } from './care/prescriptions/placePrescription.ts';
export type {
  PrescriptionIssued,
  PrescriptionSigned,
} from './care/prescriptions/PrescriptionSigned.ts';
export {
  directionsIn,
  parsePrescriptionFile,
  prescriptionFileOf,
  type PrescriptionFile,
} from './care/prescriptions/prescriptionFile.ts';
export { sayConflicts } from './care/prescriptions/sayConflicts.ts';
export type { NewPrescription } from './care/prescriptions/NewPrescription.ts';
export {
  reviewOrder,
  type OrderReview,
  type ReviewOptions,
} from './care/prescriptions/reviewOrder.ts';
export { cdsHooksCheck, type CdsHooksOptions } from './care/prescriptions/cdsHooksCheck.ts';
export type { OrderConflict } from '../fhir/orders/conflictsOf.ts';
export type { CdsCard, OrderCheck, OrderSign } from '../fhir/orders/OrderSign.ts';
export {
  passPrescription,
  readPrescriptions,
  type PrescriptionListed,
  type PrescriptionsRead,
} from './care/prescriptions/readPrescriptions.ts';
export {
  findStrayPrescriptions,
  type StrayPrescription,
} from './care/prescriptions/findStrayPrescriptions.ts';
export { confirmPrescription } from './care/prescriptions/confirmPrescription.ts';
export { cancelPrescription, holdPrescription } from './care/prescriptions/changePrescription.ts';
export { formatSlip, parseSlip, type Slip, type SlipPerson } from './care/prescriptions/Slip.ts';
export { readSlip, type SlipRead } from './care/prescriptions/readSlip.ts';
export { dispense, type Dispensed, type NewDispense } from './care/prescriptions/dispense.ts';
export { addDispenses } from './care/prescriptions/addDispenses.ts';
export { answerOrder, type NewAnswer, type OrderAnswered } from './care/orders/answerOrder.ts';
export { criticalBy, type CriticalBy } from './care/orders/criticalBy.ts';
export { ordersKept, type OrderKept, type RecordTold } from './care/orders/keptOrders.ts';
export { listOrders, type OrdersOnChart } from './care/orders/listOrders.ts';
export {
  openOrder,
  unreadLeft,
  type OrderOpened,
  type OrderPlace,
} from './care/orders/openOrder.ts';
export {
  readOrders,
  type OrderRead,
  type OrderReport,
  type OrdersRead,
} from './care/orders/readOrders.ts';
export type { ReportFound } from './care/orders/reportsOfOrders.ts';
export { signOffOrder, type NewSignOff } from './care/orders/signOffOrder.ts';
export { tellOrder, tellUnreadable, type OrderPlaced } from './care/orders/tellOrder.ts';
export { withdrawOrder } from './care/orders/withdrawOrder.ts';
export {
  addAmendment,
  type AmendmentAdded,
  type NewAmendment,
} from './care/amendments/addAmendment.ts';
export type { RecordSeen } from '../fhir/orders/signOff.ts';
export type { OrderStanding, ReportStanding } from '../fhir/orders/taskOfOrder.ts';
export type { RecordReferred } from '../fhir/orders/recordReference.ts';
export { prepareClaim, type ClaimPrepared, type NewClaim } from './care/claims/prepareClaim.ts';
export { formatClaimFile, parseClaimFile, type ClaimWaiting } from './care/claims/claimFile.ts';
export { endClaimRights, permitClaim } from './care/claims/permitClaim.ts';
export { submitClaim, type ClaimSubmitted } from './care/claims/submitClaim.ts';
export {
  agreeToBill,
  formatBill,
  lowerTotalBefore,
  parseBill,
  signBill,
  type ClaimBilled,
  type NewBill,
} from './care/claims/bills.ts';
export {
  claimBasis,
  recordsForClaim,
  type ClaimBasis,
  type RecordsForClaim,
} from './care/claims/claimBasis.ts';
export { claimsBeside, type ClaimBeside } from './care/claims/claimsBeside.ts';
export { drawnFor } from './care/claims/drawnFor.ts';
export { drawVerifiers } from './care/claims/drawVerifiers.ts';
export { claimAccounts, type HeldAccount, type ClaimAccount } from './care/claims/claimAccount.ts';
export { confirmClaim } from './care/claims/confirmClaim.ts';
export {
  foundClaims,
  listClaims,
  readClaim,
  requireKnownClaim,
  type ClaimListed,
  type ClaimsListed,
  type ClaimRead,
} from './care/claims/readClaims.ts';
export { furtherEntries } from './care/claims/furtherEntries.ts';
export {
  claimsTold,
  disputesTold,
  stepsTold,
  type DisputeTold,
} from './care/claims/keptClaimSteps.ts';
export type {
  ClaimEvidence,
  ClaimStepTold,
  ClaimTold,
  EvidencePiece,
} from './letters/ClaimTold.ts';
export type { ClaimKnown } from './care/claims/knownClaims.ts';
export { decideClaim, type DecisionOnClaim } from './care/claims/decideClaim.ts';
export { withdrawClaim } from './care/claims/withdrawClaim.ts';
export {
  prepareSupplement,
  supplementClaim,
  type NewSupplement,
} from './care/claims/supplementClaim.ts';
export { disputeClaim, type NewDispute } from './care/claims/disputeClaim.ts';
export {
  examineDispute,
  judgeClaim,
  type ClaimJudged,
  type DisputeExamined,
  type JudgeSources,
} from './care/claims/judgeClaim.ts';
export type { AgentOf, ClaimExamined } from './care/claims/examineClaim.ts';
export {
  explainClaim,
  type ClaimExplained,
  type ExplanationChoice,
} from './care/claims/explainClaim.ts';
export { lapseClaim } from './care/claims/lapseClaim.ts';
export type { ClaimStepDone } from './care/claims/takeClaimStep.ts';
export { addAllReadings, addReadings } from './devices/addReadings.ts';
export {
  bindDevice,
  rightOfDevice,
  type DeviceBound,
  type NewDevice,
} from './devices/bindDevice.ts';
export { endDevice } from './devices/endDevice.ts';
export { gatherDeviceKeys } from './devices/gatherDeviceKeys.ts';
export { listDevices, type DeviceListed } from './devices/listDevices.ts';
export { isDeviceName, LONGEST_DEVICE_NAME, nameDevice } from './devices/nameDevice.ts';
export {
  prepareReadings,
  type ConfirmedSheets,
  type NewReadings,
  type PreparedReadings,
} from './devices/prepareReadings.ts';
export { pinOfDevice } from './devices/pinOfDevice.ts';
export { proveReading } from './devices/proveReading.ts';
export { sealReadings, type ReadingsToSeal } from './devices/sealReadings.ts';
export { mayPrepareAgain, submitReadings } from './devices/submitReadings.ts';
export {
  formatDeviceCode,
  parseDeviceCode,
  type DeviceNamed,
} from '../protocol/sensors/deviceCode.ts';
export {
  followDevices,
  type FollowedBatch,
  type FollowedDevice,
  type ReadingsGap,
} from '../protocol/sensors/followDevices.ts';
export { parseReadingsMessage } from '../protocol/sensors/parseReadingsMessage.ts';
export type { DevicePin, KeysTold } from '../protocol/sensors/DeviceKeys.ts';
export {
  requireDeviceKeys,
  type DeviceKeys,
  type KeysWanted,
} from '../protocol/sensors/requireDeviceKeys.ts';
export type { MessageSigned, UnsignedReadings } from '../protocol/sensors/signReadings.ts';
export type { ReadingsOf } from '../fhir/sensors/bundleOfReadings.ts';
export type { DeviceAnnounced } from '../protocol/sensors/helloDigest.ts';
export type { ReadingsMessage } from '../protocol/sensors/ReadingsMessage.ts';
export type { Sha256 } from '../crypto/merkle/Sha256.ts';
export { shortCodeOf } from '../protocol/sensors/shortCodeOf.ts';
export type { ReadingsHeader, SignedReadings } from '../protocol/sensors/ReadingsHeader.ts';
export type { MedicineOrdered } from '../fhir/makeMedicationRequest.ts';
export {
  batchesOnChart,
  type BatchListed,
  type DeviceBatches,
  type TimeSpan,
} from './devices/batchesOnChart.ts';
export {
  readReadings,
  type BatchOpened,
  type BatchRead,
  type DeviceReadings,
  type OpenedBatches,
  type ReadingAt,
} from './devices/readReadings.ts';
export { readingsToCsv } from './devices/readingsToCsv.ts';
export { readingsToFhir } from './devices/readingsToFhir.ts';
export { readingsToSamples } from './devices/readingsToSamples.ts';
export { streamReadings, type DeviceBatch, type ReadingsWanted } from './devices/streamReadings.ts';
export type { CurveReading, NumberReading, Reading } from '../protocol/sensors/Reading.ts';
