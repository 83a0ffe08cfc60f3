import type { PairingPort } from './PairingPort.ts';

/** Loads the portable pairing arithmetic: whoever opens no guarded record has no use for it. */
export async function loadNoblePairing(): Promise<PairingPort> {
  return (await import('./noblePairing.ts')).noblePairing;
}
