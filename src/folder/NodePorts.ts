import type { PayloadCipher } from '../crypto/sealing/PayloadCipher.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Random } from '../crypto/Random.ts';
import { nativeCipher } from '../native/nativeCipher.ts';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { EvidenceReader, InTurn } from '../protocol/evidence/EvidenceReader.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import type { CreateSha256 } from '../crypto/Sha256Stream.ts';
import { nativeSha256 } from './nativeSha256.ts';
import { systemClock } from './systemClock.ts';
import { systemRandom } from './systemRandom.ts';

/** Clock, randomness and cryptography of the machine, injected so that a test decides them. */
export interface NodePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly primitives: Primitives;
  readonly cipher: PayloadCipher;
  readonly createSha256: CreateSha256;
  /** Makes the reader of evidence; if absent, everything is read in this thread. */
  readonly createReader?: (context: SigningContext, inTurn: InTurn) => EvidenceReader;
}

/** The machine's own clock and randomness, and the native hashes, curve and cipher. */
export async function machinePorts(): Promise<NodePorts> {
  return {
    clock: systemClock,
    random: systemRandom,
    primitives: await createNativePrimitives(),
    cipher: nativeCipher,
    createSha256: nativeSha256,
  };
}
