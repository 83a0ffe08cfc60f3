import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryDevice } from '../../../src/client/index.ts';
import type { AgentPort } from '../../../src/protocol/AgentPort.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import type { NetworkFile } from '../../../src/protocol/network/NetworkFile.ts';
import type { SuccessorsFile } from '../../../src/protocol/network/Successor.ts';
import { successorOf } from '../../../src/protocol/network/successorOf.ts';
import { network, primitives } from '../../../src/protocol/test/sampleNetwork.ts';
import { fileOf, signedBy, termsOf } from '../../../src/protocol/test/sampleSuccessors.ts';
import type { SuccessorTerms } from '../../../src/protocol/network/successorOf.ts';
import type { Session } from '../session/Session.ts';
import { servingHere } from './servingHere.ts';

const FROM = 1_900_000_000;

/** Terms by which an organisation leaves; the others stay as they are. */
function leaving(name: Organisation): SuccessorTerms {
  const stays = ({ organisation }: { readonly organisation: Organisation }): boolean =>
    organisation !== name;
  const { authority, channels, ...terms } = termsOf(network, FROM);
  return {
    ...terms,
    authority: { ...authority, members: authority.members.filter(stays) },
    channels: channels.map(({ coordinators, ...channel }) => ({
      ...channel,
      coordinators: coordinators.filter(stays),
    })),
  };
}

/** A person at the hospital's page, whose node says this of successors. */
function session(
  said: unknown,
  { file = network, moved }: { readonly file?: NetworkFile; readonly moved?: object } = {},
): Pick<Session, 'party' | 'place'> {
  const device = memoryDevice();
  const successors = async (): Promise<SuccessorsFile> => {
    if (said instanceof Error) throw said;
    return await Promise.resolve(said as SuccessorsFile);
  };
  const agent = { successors } as unknown as AgentPort;
  const place = { agent, organisation: 'hospital', network: file };
  const read = async (name: string): Promise<unknown> =>
    name === 'served-by' && moved !== undefined ? [moved] : await device.read(name);
  return { party: { device: { ...device, read } }, place } as unknown as Session;
}

describe('the organisation that serves a person', () => {
  const none = fileOf();

  it('is the one that the person was enrolled at, or moved to, with the address of its page', async () => {
    const others = ['laboratory', 'insurer'];
    const own = await servingHere(session(none), 'hospital');
    assert.deepEqual(own, { by: 'hospital', hasLeft: false, others });
    const moved = {
      kind: 'servedBy',
      organisation: 'insurer',
      url: 'https://medseal.insurer.example',
      at: 7,
    };
    assert.deepEqual(await servingHere(session(none, { moved }), 'hospital'), {
      by: 'insurer',
      hasLeft: false,
      page: 'https://medseal.insurer.example/insurer/portal/',
      others,
    });
    const script = { ...moved, url: 'javascript:alert(1)' };
    assert.equal((await servingHere(session(none, { moved: script }), 'hospital')).by, 'hospital');
  });

  it('has left once the network file does not name it, and then no page of it is shown', async () => {
    const file = successorOf(primitives, network, leaving('insurer'));
    const moved = { kind: 'servedBy', organisation: 'insurer', url: 'http://a.example', at: 7 };
    const left = await servingHere(session(none, { file, moved }), 'hospital');
    assert.deepEqual([left.hasLeft, left.page, left.others], [true, undefined, ['laboratory']]);
  });

  it('is about to leave if a successor is signed, and a node that says it without signatures is not believed', async () => {
    const { leaves } = await servingHere(
      session(fileOf(signedBy(network, leaving('hospital'), ['hospital', 'laboratory']))),
      'hospital',
    );
    assert.equal(leaves, FROM);
    const forged = fileOf(signedBy(network, leaving('hospital'), ['hospital']));
    const other = fileOf(signedBy(network, leaving('insurer'), ['hospital', 'laboratory']));
    for (const said of [forged, other, none, { hello: 1 }, new Error('away')]) {
      assert.equal((await servingHere(session(said), 'hospital')).leaves, undefined);
    }
  });
});
