// Written by contracts/build.ts.
import { parseAbi } from 'viem/utils';

/** ABI of the contract `Evidence`. */
export const evidenceAbi = parseAbi([
  'struct Checkpoint { bytes32 log; uint64 size; bytes32 root; }',
  'constructor(address registry_)',
  'error DeadlinePassed()',
  'error LengthsDiffer()',
  'error PartyIsSuspended()',
  'error PartyUnknown()',
  'error ProofInvalid()',
  'error QuorumMissing()',
  'error RequestRefused(uint256 index, bytes4 reason)',
  'error SeatMissing()',
  'error SignatureInvalid()',
  'error SignersUnordered()',
  'error SizeNotLarger()',
  'event Checkpointed(bytes32 indexed log, uint64 size, bytes32 root)',
  'event Refused(uint256 indexed index, bytes4 reason)',
  'function checkpoint(Checkpoint[] checkpoints, bytes32[][] proofs, bytes[][] signatures)',
  'function domainSeparator() view returns (bytes32)',
  'function latest(bytes32 log) view returns (uint64 size, bytes32 root)',
  'function networkId() view returns (bytes32)',
  'function registry() view returns (address)',
  'function verifyInclusion(bytes32 log, bytes32 entry, uint64 index, uint64 size, bytes32[] proof) view returns (bool)',
]);
