import { payloadCipherCases } from './payloadCipher.cases.ts';
import { portableCipher } from './portableCipher.ts';

payloadCipherCases('portableCipher', portableCipher);
