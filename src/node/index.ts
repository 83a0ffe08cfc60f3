/**
 * Entry point for programs in Node, beside the client: a party from a keystore, a device in a folder, the machine's
 * clock, randomness and fast cryptography, and a whole network in the same process, mainly for tests.
 *
 * @example
 * ```ts
 * const doctor = await openKeystoreParty({ network, url, keystore: '.medseal/parties', name: 'doctor' });
 * ```
 */
export { connectJsonRpc, type JsonRpcOptions } from '../ledger/connectJsonRpc.ts';
export type { BlockNotice, EmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
export type { Quotas } from '../services/agent/Quotas.ts';
export type { CheckpointPolicy } from '../services/createAdministrator.ts';
export { openDeviceFolder } from './deviceFolder.ts';
export { readKeystore, writeKey, type DemoKey, type KeyFile, type LockedKey } from './keystore.ts';
export { loadFhirDefinitions } from './loadFhirDefinitions.ts';
export { addressOfSeed, lockKey, unlockKey, type UnlockOptions } from './lockedKeys.ts';
export type {
  EvidenceReader,
  HashedText,
  ReadBody,
  ReadSignature,
} from '../protocol/EvidenceReader.ts';
export { machinePorts, type NodePorts } from './NodePorts.ts';
export { openFolderSpool } from './openFolderSpool.ts';
export { openKeystoreParty, type KeystorePartyOptions } from './openKeystoreParty.ts';
export { openNetwork, type NetworkOptions, type RunningNetwork } from './openNetwork.ts';
