import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { listen, type Listening } from '../../http/listen.ts';
import { networkApp } from '../../http/networkApp.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { AttestedFacts, FactsQuery } from '../../protocol/evidence/facts.ts';
import type { BlockFacts } from '../../protocol/network/BlockFacts.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { primitives, signatory, type Signatory } from '../../protocol/test/sampleNetwork.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { attestFacts } from '../../services/enrolment/attestFacts.ts';
import { LedgerIndex } from '../../services/LedgerIndex.ts';
import type { ServiceContext } from '../../services/ServiceContext.ts';
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
  say?: SayBlock,
): Promise<Listening> {
  const context = { domain: domainOf(network), primitives };
  const index = new LedgerIndex({ provider: ledger, network, clock: systemClock });
  const coordinator = { ...context, index, network, clock: systemClock } as ServiceContext;
  const agent = {
    network: async () => await Promise.resolve(network),
    successors: async () =>
      await Promise.resolve({ format: 'medseal-successors/1', successors: [] } as const),
    facts: async (query: FactsQuery): Promise<readonly AttestedFacts[]> => {
      await index.refresh();
      const { block } = index;
      const answers = signers.map(async (organisation) => {
        const key = signatory(`coordinator of ${organisation}`);
        const answer = await attestFacts(coordinator, key, { ...query, block });
        return say === undefined ? answer : lied(answer, organisation, key);
      });
      return await Promise.all(answers);
    },
  } as unknown as AgentPort;
  const names = network.authority.members.map(({ organisation }) => organisation);
  return await listen(networkApp(new Map(names.map((name) => [name, agent]))), 0);

  function lied(
    { facts, attestation }: AttestedFacts,
    organisation: string,
    key: Signatory,
  ): AttestedFacts {
    const { newest } = facts;
    const other = { ...facts, ...(newest && say && { newest: say(newest, organisation) }) };
    const message = { ...attestation, facts: canonicalHash(primitives, other) };
    const { party, signature } = sign(context, key, 'Attestation', message);
    return { facts: other, attestation: message, coordinator: party, signature };
  }
}
