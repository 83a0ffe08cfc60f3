import { portableCipher } from './portableCipher.ts';
import { sealingCases } from './sealing.cases.ts';

sealingCases('portableCipher', portableCipher);
