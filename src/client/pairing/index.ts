/**
 * Fast pairing arithmetic in WebAssembly, for networks with a release key, and a way to run it in a worker. It is apart from the
 * client because it weighs as much as the client does. A page's policy must allow WebAssembly (`wasm-unsafe-eval`);
 * in Node, `machinePorts` of `medseal/node` has it already.
 *
 * @example
 * ```ts
 * const at = { network, agent, log: 'care/hospital', device };
 * const party = await openParty({ ...webPorts, ...at, seed, loadPairing: loadMclPairing });
 * ```
 */
export { loadMclPairing } from '../../crypto/threshold/loadMclPairing.ts';
export { loadNoblePairing } from '../../crypto/threshold/loadNoblePairing.ts';
export type {
  AsyncPairing,
  LoadAsyncPairing,
  LoadPairing,
  PairingPort,
  PointPair,
  PointTerm,
} from '../../crypto/threshold/PairingPort.ts';
export type { MessageEnd } from './PairingCalls.ts';
export { pairingIn } from './pairingIn.ts';
export { PairingPool } from './PairingPool.ts';
export { servePairing } from './servePairing.ts';
