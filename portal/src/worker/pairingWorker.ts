import { loadMclPairing } from '../../../src/crypto/threshold/loadMclPairing.ts';
import { loadNoblePairing } from '../../../src/crypto/threshold/loadNoblePairing.ts';
import { servePairing } from '../../../src/client/pairing/servePairing.ts';

/** The entry of the worker that computes pairings: in WebAssembly, or in JavaScript if the browser has none. */
servePairing(self, async () => await loadMclPairing().catch(loadNoblePairing));
