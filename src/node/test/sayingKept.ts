import type { PatientDeposit } from '../../protocol/AgentPort.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { SignedKept } from '../../protocol/evidence/evidence.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { signKept } from '../../services/contributor/signKept.ts';
import type { TestNetwork } from './testNetwork.ts';

type Key = Parameters<typeof signKept>[1];

/**
 * Signatures of coordinators that their organisations keep something, whether they do or not.
 *
 * @param network - The network.
 * @param signers - Organisations, or keys of others.
 * @param deposit - Deposit that is said to be kept.
 */
export function sayingKept(
  { file, keys, ports }: Pick<TestNetwork, 'file' | 'keys' | 'ports'>,
  signers: readonly (Organisation | Key)[],
  deposit: PatientDeposit,
): readonly SignedKept[] {
  return signers.map((signer) => {
    const key = typeof signer === 'string' ? keys.get(signer)?.coordinator : signer;
    if (key === undefined) throw new Error('no such organisation');
    return signKept({ ...ports, domain: domainOf(file) }, key, deposit.request);
  });
}
