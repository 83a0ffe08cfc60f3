import { loadNoblePairing } from '../../crypto/threshold/loadNoblePairing.ts';
import { serveInThread } from '../serveInThread.ts';

/** A thread that starts as one of pairings does, and dies of the first hash or pairing. */
const die = (): never => process.exit(1);
serveInThread(async () => ({ ...(await loadNoblePairing()), hashToG1: die, pair: die }));
