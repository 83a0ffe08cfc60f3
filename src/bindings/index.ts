/**
 * The parts that visitors, nodes and auditors share: errors, the network file, everything that is signed, evidence and
 * how it is verified offline, and the compiled contracts. It runs in Node and in a browser.
 *
 * @example
 * ```ts
 * const network = parseNetworkFile(JSON.parse(pinned));
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * const body = verifyReceipt(context, network, receipt);
 * ```
 */
export { checkGrant, type RightQuestion } from './checkGrant.ts';
export { consentAbi } from './generated/consentAbi.ts';
export { consentBytecode } from './generated/consentBytecode.ts';
export { evidenceAbi } from './generated/evidenceAbi.ts';
export { evidenceBytecode } from './generated/evidenceBytecode.ts';
export { registryAbi } from './generated/registryAbi.ts';
export { registryBytecode } from './generated/registryBytecode.ts';
export type { LedgerProvider } from './LedgerProvider.ts';
export { portablePrimitives } from '../crypto/portablePrimitives.ts';
export type { Primitives } from '../crypto/Primitives.ts';
export type { Random } from '../crypto/Random.ts';
export { catalogue, type ErrorCode, type ErrorDetails } from '../errors/catalogue.ts';
export { isMedsealError } from '../errors/isMedsealError.ts';
export { MedsealError, type Problem } from '../errors/MedsealError.ts';
export type { EvidenceOptions } from '../protocol/evidence/acknowledgementCheck.ts';
export type * from '../protocol/AgentPort.ts';
export type { Clock } from '../protocol/Clock.ts';
export { domainOf } from '../protocol/struct/domainOf.ts';
export type * from '../protocol/rights/epochs.ts';
export type * from '../protocol/evidence/evidence.ts';
export type * from '../protocol/evidence/facts.ts';
export type * from '../protocol/network/BlockFacts.ts';
export * from '../protocol/ids.ts';
export { fileInForce, followSuccessors } from '../protocol/network/followSuccessors.ts';
export { FURTHER_CONTRACTS, type FurtherContract } from '../protocol/network/furtherContracts.ts';
export { isPending } from '../protocol/rights/isPending.ts';
export type * from '../protocol/network/LedgerBlock.ts';
export {
  LEDGER_READS,
  type LedgerAnswer,
  type LedgerCall,
  type LedgerRead,
} from '../protocol/network/LedgerCall.ts';
export type * from '../protocol/evidence/LogBatch.ts';
export type * from '../protocol/network/NetworkFile.ts';
export type { ChannelNumbers } from '../protocol/network/channelNumbers.ts';
export {
  verifyPortalStatement,
  type PortalPin,
  type PortalStatement,
} from '../protocol/portal/portalStatement.ts';
export {
  formatEvidenceFile,
  parseEvidenceFile,
  type EvidenceFile,
} from '../protocol/evidence/parseEvidenceFile.ts';
export type { ReleaseAsked, ViewAsked } from '../protocol/release/ReleaseAsked.ts';
export type { RefusedView, ReleasedShares } from '../protocol/release/ReleasedShares.ts';
export type { ReadingProof } from '../protocol/sensors/ReadingProof.ts';
export { verifyReading, type ProvenReading } from '../protocol/sensors/verifyReading.ts';
export { parseNetworkFile } from '../protocol/network/parseNetworkFile.ts';
export { CLAIM_REASONS, type ClaimReason } from '../protocol/care/claimReasons.ts';
export type * from '../protocol/care/claims.ts';
export type * from '../protocol/care/prescriptions.ts';
export type * from '../protocol/care/mandates.ts';
export type { RightOpening } from '../protocol/rights/RightOpening.ts';
export type * from '../protocol/care/vitalRecords.ts';
export type * from '../protocol/struct/unitTypes.ts';
export type * from '../protocol/struct/vitalTypes.ts';
export type * from '../protocol/struct/requests.ts';
export { requestTypes } from '../protocol/struct/requestTypes.ts';
export {
  digestOf,
  sign,
  signerOf,
  verifySigned,
  type AuthorityFile,
  type SigningContext,
} from '../protocol/struct/signing.ts';
export type { HeldKey, SigningKey } from '../crypto/keys/SigningKey.ts';
export type { Domain } from '../protocol/struct/typedData.ts';
export type {
  BlockStatement,
  PlacedSuccessor,
  SignedRule,
  Successor,
  SuccessorFork,
  SuccessorsFile,
} from '../protocol/network/Successor.ts';
export { verifyAcknowledgement } from '../protocol/evidence/verifyAcknowledgement.ts';
export { verifyCheckpoint, type CheckpointOptions } from '../protocol/evidence/verifyCheckpoint.ts';
export { verifyReceipt } from '../protocol/evidence/verifyReceipt.ts';
export { verifySuccessorFork } from '../protocol/network/verifySuccessorFork.ts';
export type { ProvenFork } from '../protocol/network/requireFork.ts';
export {
  requireBlockConflict,
  type BlockConflict,
  type ProvenConflict,
} from '../protocol/evidence/blockConflict.ts';
export * from '../protocol/vocabulary.ts';
export { alsoTold, TOLD_IN_TRIAL } from '../protocol/evidence/alsoTold.ts';
