import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Organisation } from '../../protocol/ids.ts';
import { releasedName, viewInEntry } from '../../protocol/release/releasedView.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { CoordinatorPort, ViewToRelease } from '../../services/ports.ts';
import type { TestNetwork } from './testNetwork.ts';

/** Tells why a coordinator releases nothing for a record; undefined if it releases. */
export type Refusing = (record: Bytes32) => MedsealError | undefined;

/**
 * Has a coordinator release for some records alone, as it does if it knows or keeps less than others, or lies.
 *
 * @param network - The network.
 * @param organisation - Whose coordinator it is.
 * @param refusing - Tells which.
 */
export function releasingSome(
  network: TestNetwork,
  organisation: Organisation,
  refusing: Refusing,
): void {
  const { coordinator } = network.services(organisation);
  const { primitives } = network.ports;
  const context = { primitives, domain: domainOf(network.file) };
  const key = network.keys.get(organisation)?.coordinator;
  if (key === undefined) throw new Error(`no coordinator of ${organisation}`);
  const release: CoordinatorPort['release'] = async (request) => {
    const asked = request.views.map((view) => {
      const { name, record } = viewedIn(view);
      return { view, name, reason: refusing(record) };
    });
    const views = asked.filter(({ reason }) => reason === undefined).map(({ view }) => view);
    const refused = asked.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [{ entry: name, problem: reason.toProblem() }],
    );
    const away = asked.find(({ reason }) => isMedsealError(reason, 'PEER_UNREACHABLE'))?.reason;
    if (views.length === 0 && (away !== undefined || asked.length === 1))
      throw away ?? asked[0]?.reason ?? new Error('no view');
    if (views.length === 0) {
      const { release: all, ...rest } = await coordinator.release(request);
      const none = { ...all, entries: ZERO32, shares: ZERO32, seals: ZERO32 };
      const { signature } = sign(context, key, 'ShareRelease', none);
      return { ...rest, release: none, entries: [], signature, refused };
    }
    const released = await coordinator.release({ ...request, views });
    const others = released.refused ?? [];
    return { ...released, ...(refused.length > 0 && { refused: [...others, ...refused] }) };
  };
  network.liars.coordinator.set(organisation, { ...coordinator, release });

  function viewedIn({ view, pair }: ViewToRelease): { name: Bytes32; record: Bytes32 } {
    const seen = viewInEntry(primitives, JSON.parse(view.body) as Body, pair);
    if (seen === undefined) throw new Error('the entry has no such view');
    const { leaf } = seen;
    const { record } = seen.message;
    return { name: releasedName(primitives, { entry: view.entry, ...(leaf && { leaf }) }), record };
  }
}

/** The answer of an organisation that cannot be reached. */
export function unreachable(peer: Organisation): MedsealError {
  return new MedsealError('PEER_UNREACHABLE', { peer });
}
