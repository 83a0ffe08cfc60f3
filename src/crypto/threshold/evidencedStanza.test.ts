import addon from 'secp256k1/bindings.js';
import { nativeGroup } from '../../native/nativeGroup.ts';
import { evidencedStanzaCases } from './evidencedStanza.cases.ts';
import type { GroupPort } from './GroupPort.ts';
import { nobleGroup } from './nobleGroup.ts';

const portable = async (): Promise<GroupPort> => await Promise.resolve(nobleGroup);
const native = async (): Promise<GroupPort> => await Promise.resolve(nativeGroup(addon));

evidencedStanzaCases('JavaScript', portable, native);
evidencedStanzaCases('bitcoin-core’s library', native, portable);
