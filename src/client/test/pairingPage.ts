import { evidencedStanzaCases } from '../../crypto/threshold/evidencedStanza.cases.ts';
import { loadMclPairing } from '../../crypto/threshold/loadMclPairing.ts';
import { loadNoblePairing } from '../../crypto/threshold/loadNoblePairing.ts';
import { pairingCases } from '../../crypto/threshold/pairing.cases.ts';
import { runCases, type CaseOutcome } from './caseRunner.ts';

/** A web page that runs the cases of pairings, to be bundled with `caseRunner` in place of Node’s test runner. */

const LOADS = { WebAssembly: loadMclPairing, JavaScript: loadNoblePairing } as const;

/**
 * Runs the cases that each implementation passes, in the page.
 *
 * @param name - The implementation.
 */
export async function runPairingCases(name: keyof typeof LOADS): Promise<readonly CaseOutcome[]> {
  const load = LOADS[name];
  pairingCases(name, load);
  evidencedStanzaCases(name, load, LOADS[name === 'WebAssembly' ? 'JavaScript' : 'WebAssembly']);
  return await runCases();
}
