import addon from 'secp256k1/bindings.js';
import { groupsCases } from '../crypto/threshold/groups.cases.ts';
import { nobleGroup } from '../crypto/threshold/nobleGroup.ts';
import { nativeGroup } from './nativeGroup.ts';

groupsCases(
  'bitcoin-core’s library',
  async () => await Promise.resolve(nativeGroup(addon)),
  async () => await Promise.resolve(nobleGroup),
);
