import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Domain } from './typedData.ts';

const domains = new WeakMap<object, Domain>();

/**
 * Returns the EIP-712 domain of a network; one object per network file, so that its separator is computed once.
 *
 * @param network - The pinned network file.
 * @example
 * ```ts
 * const context = { domain: domainOf(network), primitives: portablePrimitives };
 * verifyReceipt(context, network, receipt);
 * ```
 */
export function domainOf(network: Pick<NetworkFile, 'networkId' | 'ledger'>): Domain {
  const known = domains.get(network);
  if (known !== undefined) return known;
  const domain: Domain = {
    name: 'Medseal',
    version: '1',
    chainId: network.ledger.chainId,
    salt: network.networkId,
  };
  domains.set(network, domain);
  return domain;
}
