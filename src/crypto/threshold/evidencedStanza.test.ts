import { evidencedStanzaCases } from './evidencedStanza.cases.ts';
import { loadMclPairing } from './loadMclPairing.ts';
import { noblePairing } from './noblePairing.ts';

const loadNoble = async (): Promise<typeof noblePairing> => await Promise.resolve(noblePairing);

evidencedStanzaCases('noblePairing', loadNoble, loadMclPairing);
evidencedStanzaCases('loadMclPairing', loadMclPairing, loadNoble);
