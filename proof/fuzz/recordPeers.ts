import type { PeerPorts } from '../../src/services/peers/peerCalls.ts';
import { peerCalls } from '../../src/services/peers/peerCalls.ts';
import type { Life } from './life.ts';
import type { TestNetwork } from '../../src/node/test/testNetwork.ts';

/** A call of one organisation's service by another. */
export interface RecordedCall {
  readonly service: keyof PeerPorts;
  readonly method: string;
  readonly argument: unknown;
}

type Method = (argument: unknown) => unknown;

/** Stands between the laboratory's services and their callers, and decides each answer. */
export type Between = (call: RecordedCall, answer: () => unknown) => unknown;

/**
 * Puts something between an organisation's services and all who call them.
 *
 * @param network - The network.
 * @param between - Decides the answer to each call.
 */
export function standBetween(network: TestNetwork, between: Between): void {
  const name = 'laboratory';
  const real = (service: keyof PeerPorts): object =>
    service === 'authority' ? network.authority(name) : network.services(name)[service];
  for (const [service, calls] of Object.entries(peerCalls) as [keyof PeerPorts, object][]) {
    const methods = Object.keys(calls).map((method) => {
      const call: Method = (argument) =>
        between({ service, method, argument }, () => {
          const port = real(service);
          return (Reflect.get(port, method) as Method).call(port, argument);
        });
      return [method, call];
    });
    network.liars[service].set(name, Object.fromEntries(methods) as never);
  }
}

/**
 * Has the people of a small network do everything once more, and notes what the laboratory is called with.
 *
 * @param life - The network and its people.
 */
export async function recordPeers(life: Life): Promise<readonly RecordedCall[]> {
  const calls: RecordedCall[] = [];
  const seen = new Map<string, number>();
  standBetween(life.network, (call, answer) => {
    const key = `${call.service}.${call.method}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (count <= 3 && call.argument !== undefined) calls.push(call);
    return answer();
  });
  for (const what of [0, 1, 3, 5]) await life.relive(life.fetch, what).catch(() => undefined);
  await life.network.checkpoint();
  for (const each of Object.values(life.network.liars)) each.clear();
  return [...calls, ...(await further(life))];
}

/** Calls that nothing above leads to. */
async function further({ network, right, patient, doctor }: Life): Promise<RecordedCall[]> {
  const log = 'care/hospital';
  const { handle } = right.grant;
  const [entry] = await network.services('laboratory').contributor.read({ log, from: 0, to: 1 });
  const root = network.services().index.patient(handle)?.root;
  const placed = await network.services('laboratory').contributor.latestCheckpoint(log);
  return [
    contributor('stats', [entry?.entry]),
    contributor('smallFiles', [entry?.entry]),
    contributor('file', entry?.entry),
    contributor('card', patient.address),
    contributor('sheet', { handle, epoch: 1, root }),
    contributor('state', { handle, nonce: entry?.entry }),
    contributor('keptAfter', 0),
    contributor('keptCopies', [entry?.entry]),
    contributor('read', { log, from: 0, to: 3 }),
    contributor('latestCheckpoint', log),
    contributor('nextCheckpoint', { log, size: 0 }),
    contributor('notice', placed),
    coordinator('knownSize', log),
    coordinator('lastSigned', log),
    coordinator('awaited', log),
    coordinator('ended', log),
    coordinator('shown', { log, from: 0 }),
    coordinator('takeConflict', {
      log,
      index: 0,
      one: { note: 'note', entry: entry?.entry, proof: [root] },
      other: { note: 'note', entry: root, proof: [] },
    }),
    coordinator('judged', { log, entries: [entry?.entry] }),
    coordinator('listed', { log, entries: [entry?.entry] }),
    coordinator('attest', {
      nonce: entry?.entry,
      block: 7,
      party: doctor.address,
      handle,
      grants: true,
    }),
    coordinator('advance', [
      { handle, epoch: 2, packets: `0x${'00'.repeat(32)}`, deadline: 1_800_000_300 },
    ]),
    {
      service: 'authority',
      method: 'approveSender',
      argument: {
        party: doctor.address,
        role: 2,
        organisation: entry?.entry,
        recipient: entry?.entry,
        handle,
        deadline: 1_800_000_300,
      },
    },
    {
      service: 'authority',
      method: 'approveSuspension',
      argument: { party: doctor.address, suspended: true, change: 1, deadline: 1_800_000_300 },
    },
  ];
}

function contributor(method: string, argument: unknown): RecordedCall {
  return { service: 'contributor', method, argument };
}

function coordinator(method: string, argument: unknown): RecordedCall {
  return { service: 'coordinator', method, argument };
}
