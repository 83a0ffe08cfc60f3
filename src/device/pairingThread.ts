import { loadMclPairing } from '../crypto/threshold/loadMclPairing.ts';
import { serveInThread } from './serveInThread.ts';

/** A thread that computes pairings for `PairingThreads`; it keeps nothing from one call to the next. */
serveInThread(loadMclPairing);
