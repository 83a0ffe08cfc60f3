import { createEvidenceReader } from '../protocol/evidence/readEvidence.ts';
import { GrantDigests } from '../protocol/rights/GrantDigests.ts';
import { VerifiedBodies } from '../protocol/evidence/VerifiedBodies.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import { RecoveredSigners } from '../services/deposits/RecoveredSigners.ts';
import { Circuits } from '../services/quorum/Circuits.ts';
import { Turns } from '../services/Turns.ts';
import type { ServiceContext } from '../services/ServiceContext.ts';
import type { NodePorts } from '../folder/NodePorts.ts';

/**
 * Makes the context of an organisation's services.
 *
 * @param ports - The machine.
 * @param own - The network, the organisation, and its view of the ledger.
 */
export function contextOf<Ports extends NodePorts>(
  ports: Ports,
  own: Pick<ServiceContext, 'network' | 'organisation' | 'index'>,
): ServiceContext & Ports {
  const domain = domainOf(own.network);
  const createReader = ports.createReader ?? createEvidenceReader;
  const turns = new Turns();
  const primitives = turns.counted(ports.primitives);
  const reader = createReader(
    { domain, primitives, network: own.network },
    async (work) => await turns.run(work),
  );
  const remembered = {
    grantDigests: new GrantDigests(),
    verifiedBodies: new VerifiedBodies(),
    recovered: new RecoveredSigners(),
    turns,
  };
  const circuits = new Circuits(ports.clock);
  return { ...ports, ...own, primitives, domain, reader, ...remembered, circuits };
}
