import {
  examineLog,
  ledgerWitness,
  portablePrimitives,
  webPorts,
  type ExaminedLog,
  copyWitness,
} from '../../../../src/client/index.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { AgentPort } from '../../../../src/protocol/AgentPort.ts';
import { domainOf } from '../../../../src/protocol/struct/domainOf.ts';
import type { LogName } from '../../../../src/protocol/ids.ts';
import { logOf } from '../../../../src/protocol/network/networkLookups.ts';
import { agentsHere } from '../../session/agentsHere.ts';
import type { Place } from '../../session/Place.ts';
import { openLedger } from './openLedger.ts';

/**
 * Examines a log here and now: reads every entry, computes every hash again, verifies every checkpoint, and compares with
 * the ledger if it is open and with the copies at this address. The log of an organisation whose node is elsewhere is read
 * from this organisation's copy.
 *
 * @param place - The organisation that serves this page.
 * @param log - The log.
 * @param onPart - Called with the part of the entries that was read, from 0 to 1.
 * @throws MedsealError what `examineLog` throws.
 */
export async function examineHere(
  place: Place,
  log: LogName,
  onPart: (part: number) => void,
): Promise<ExaminedLog> {
  const { network, agent: own, organisation } = place;
  const { channel, log: identity } = logOf(network, log);
  const agentOf = agentsHere(place);
  const beside = new Map<string, AgentPort>([[organisation, own]]);
  for (const { organisation: other } of channel.coordinators) {
    const agent = agentOf(other);
    if (agent !== undefined) beside.set(other, agent);
  }
  const source = beside.get(identity.organisation) ?? own;
  const context = {
    network,
    domain: domainOf(network),
    primitives: portablePrimitives,
    clock: webPorts.clock,
  };
  const ledger = await openLedger(place);
  const witnesses = [
    ...(ledger ? [ledgerWitness(network, ledger, log)] : []),
    ...[...beside]
      .filter(([, agent]) => agent !== source)
      .map(([name, agent]) => copyWitness(context, name, agent, log)),
  ];
  let size = 0;
  const counted: Pick<AgentPort, 'receipt' | 'checkpoint' | 'tile'> = {
    async receipt(query) {
      // A question for what is not there would be an error of the page.
      if (query.index >= size) throw new MedsealError('NOT_FOUND', { what: 'entry' });
      return await source.receipt(query);
    },
    async checkpoint(name) {
      const found = await source.checkpoint(name);
      ({ size } = found);
      return found;
    },
    async tile(query) {
      const found = await source.tile(query);
      if (query.level === 'entries') onPart(Math.min(1, (query.index * 256 + query.width) / size));
      return found;
    },
  };
  return await examineLog(context, counted, log, witnesses);
}
