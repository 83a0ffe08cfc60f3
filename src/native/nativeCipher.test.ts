import { it } from 'node:test';
import { assertSameCipher, payloadCipherCases } from '../crypto/sealing/payloadCipher.cases.ts';
import { portableCipher } from '../crypto/sealing/portableCipher.ts';
import { sealingCases } from '../crypto/sealing/sealing.cases.ts';
import { nativeCipher } from './nativeCipher.ts';

payloadCipherCases('nativeCipher', nativeCipher);

sealingCases('nativeCipher', nativeCipher);

it('nativeCipher writes the same bytes as portableCipher', () => {
  assertSameCipher(nativeCipher, portableCipher);
});
