import { loadMclPairing } from './loadMclPairing.ts';
import { pairingCases } from './pairing.cases.ts';

pairingCases('loadMclPairing', loadMclPairing);
