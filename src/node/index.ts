/**
 * Entry point for programs in Node, beside the client: a party from a keystore, a device in a folder, the machine's
 * clock, randomness and fast cryptography, and a whole network in the same process, mainly for tests.
 *
 * @example
 * ```ts
 * const at = { network, url: 'http://127.0.0.1:8480', keystore: '.medseal/parties' };
 * const doctor = await openKeystoreParty({ ...at, name: 'doctor' });
 * ```
 */
export { connectJsonRpc, type JsonRpcOptions } from '../ledger/connectJsonRpc.ts';
export {
  connectVerifiedLedger,
  type VerifiedLedgerOptions,
} from '../ledger/proven/connectVerifiedLedger.ts';
export type { BlockNotice, EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
export type { Quotas } from '../services/agent/Quotas.ts';
export type { PushSettings } from './push/createPushPort.ts';
export type { CheckpointPolicy } from '../services/administrator/createCheckpointer.ts';
export { openDeviceFolder } from '../device/deviceFolder.ts';
export {
  readKeystore,
  writeKey,
  type DemoKey,
  type KeyFile,
  type LockedKey,
} from '../device/keystore.ts';
export type { ConsensusValidator } from '../consortium/LightBlock.ts';
export type { ForkProof, SignedAnswers } from '../consortium/forkOf.ts';
export type { TrustedBlock } from '../consortium/verifyBlock.ts';
export { findOtherContract } from './founding/findOtherContract.ts';
export { loadFhirDefinitions } from './loadFhirDefinitions.ts';
export { addressOfSeed } from '../crypto/keys/addressOfSeed.ts';
export { applicationWords } from '../client/operator/applicationWords.ts';
export { httpOperator } from '../client/operator/httpOperator.ts';
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
export type { SignerState, ValidatorKeyPlace } from '../protocol/operator/ValidatorKeyPlace.ts';
export { DECLINE_REASONS, type DeclineReason } from '../protocol/vocabulary.ts';
export type { PartyApplication } from '../protocol/operator/PartyApplication.ts';
export { lockKey, unlockKey, type UnlockOptions } from '../device/lockedKeys.ts';
export type {
  EvidenceReader,
  HashedText,
  InTurn,
  ReadBody,
  ReadSignature,
} from '../protocol/evidence/EvidenceReader.ts';
export type { GroupPort, PointTerm } from '../crypto/threshold/GroupPort.ts';
export { machinePorts, type NodePorts } from '../folder/NodePorts.ts';
export { openFolderSpool } from '../device/openFolderSpool.ts';
export { openKeystoreParty, type KeystorePartyOptions } from '../device/openKeystoreParty.ts';
export { openNetwork, type NetworkOptions, type RunningNetwork } from './openNetwork.ts';
