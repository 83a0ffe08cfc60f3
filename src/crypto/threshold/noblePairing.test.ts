import { noblePairing } from './noblePairing.ts';
import { pairingCases } from './pairing.cases.ts';

pairingCases('noblePairing', async () => await Promise.resolve(noblePairing));
