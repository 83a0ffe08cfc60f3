import { MedsealError } from '../../errors/MedsealError.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { releasedName, viewInEntry } from '../../protocol/release/releasedView.ts';
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
  const release: CoordinatorPort['release'] = async (request) => {
    const asked = request.views.map((view) => {
      const { name, record } = viewedIn(view);
      return { view, name, reason: refusing(record) };
    });
    const views = asked.filter(({ reason }) => reason === undefined).map(({ view }) => view);
    const refused = asked.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [{ entry: name, problem: reason.toProblem() }],
    );
    if (views.length === 0)
      throw asked.find(({ reason }) => reason)?.reason ?? new Error('no view');
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
