import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readBlockHash } from '../../bindings/readBlockHash.ts';
import { readBlockTime } from '../../bindings/readBlockTime.ts';
import { listen, type Listening } from '../../http/listen.ts';
import { networkApp } from '../../http/networkApp.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { AttestedFacts, BlockFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { primitives, signatory } from '../../protocol/test/sampleNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { canonicalHash } from '../../protocol/wire/canonicalHash.ts';

/** Says a block in a coordinator's name. */
export type SayBlock = (block: BlockFacts, organisation: string) => BlockFacts;

/**
 * Starts nodes of all organisations that pass on what coordinators sign about the newest block of a ledger.
 *
 * @param network - The network; the key of a coordinator follows from `coordinator of` and its organisation.
 * @param ledger - The ledger that the coordinators follow.
 * @param signers - The organisations whose coordinators answer.
 * @param say - Changes what each says; each says the truth unless it is given.
 */
export async function startSigningNodes(
  network: NetworkFile,
  ledger: LedgerProvider,
  signers: readonly string[],
  say: SayBlock = (block) => block,
): Promise<Listening> {
  const agent = {
    network: async () => await Promise.resolve(network),
    successors: async () =>
      await Promise.resolve({ format: 'medseal-successors/1', successors: [] } as const),
    facts: async ({ nonce, ...asked }: FactsQuery): Promise<readonly AttestedFacts[]> => {
      const { newest = 0 } = asked;
      const head = await ledger.request({ method: 'eth_blockNumber' });
      const height = newest || Number(head);
      const hash = await readBlockHash(ledger, height);
      if (hash === undefined) return [];
      const block = { height, hash, time: await readBlockTime(ledger, height) };
      return signers.map((organisation) => {
        const facts = { asked, newest: say(block, organisation) };
        const digest = canonicalHash(primitives, facts);
        const attestation = { nonce, facts: digest, at: seconds(systemClock) };
        const key = signatory(`coordinator of ${organisation}`);
        const context = { domain: domainOf(network), primitives };
        const { party: coordinator, signature } = sign(context, key, 'Attestation', attestation);
        return { facts, attestation, coordinator, signature };
      });
    },
  } as unknown as AgentPort;
  const names = network.authority.members.map(({ organisation }) => organisation);
  return await listen(networkApp(new Map(names.map((name) => [name, agent]))), 0);
}
