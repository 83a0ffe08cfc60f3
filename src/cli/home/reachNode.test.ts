import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import { reachNode, type ReachedNode } from './reachNode.ts';

const away = new MedsealError('PEER_UNREACHABLE', { peer: 'http://127.0.0.1:1' });
const elsewhere = new MedsealError('NOT_FOUND', { what: 'path' });
const closed = new MedsealError('CLOSED', { what: 'node' });

/** The network's file without an organisation, whose log stays. */
function without(name: Organisation): NetworkFile {
  const channels = network.channels.map((channel) => ({
    ...channel,
    coordinators: channel.coordinators.filter(({ organisation }) => organisation !== name),
  }));
  return { ...network, channels };
}

interface Trial {
  readonly asked: Organisation[];
  readonly notes: string[];
  readonly reached: Promise<ReachedNode>;
}

/** Reaches a node for a party of the hospital. */
function reach({
  answers = {},
  known = network,
  addresses = ['hospital', 'laboratory', 'insurer'],
  ownAddresses = addresses,
  named,
  moved,
}: {
  /** The file that a node gives, or its error; the known one if absent. */
  readonly answers?: Readonly<Record<Organisation, NetworkFile | MedsealError>>;
  readonly known?: NetworkFile;
  readonly addresses?: readonly Organisation[];
  readonly ownAddresses?: readonly Organisation[];
  readonly named?: Organisation;
  readonly moved?: Organisation;
}): Trial {
  const asked: Organisation[] = [];
  const notes: string[] = [];
  const reached = reachNode(
    { note: (text) => void notes.push(text) },
    {
      known,
      own: 'hospital',
      named,
      moved,
      hasAddress: (organisation) => addresses.includes(organisation),
      hasOwnAddress: (organisation) => ownAddresses.includes(organisation),
      agentOf: (organisation) => {
        asked.push(organisation);
        return { organisation } as unknown as AgentPort;
      },
      follow: async (agent) => {
        const answer = answers[asked.at(-1) ?? ''] ?? known;
        assert.equal(
          (agent as unknown as { organisation: Organisation }).organisation,
          asked.at(-1),
        );
        if (answer instanceof MedsealError) throw answer;
        return await Promise.resolve(answer);
      },
    },
  );
  return { asked, notes, reached };
}

describe('a party of the hospital', () => {
  it('is opened at the hospital, and nobody else is asked', async () => {
    const { asked, notes, reached } = reach({});
    assert.deepEqual(await reached, { organisation: 'hospital', network });
    assert.deepEqual([asked, notes], [['hospital'], []]);
  });

  it('is opened at another node of its channel while that is away, and told so', async () => {
    for (const error of [away, closed, elsewhere]) {
      const answers = { hospital: error, laboratory: error };
      const { notes, reached } = reach({ answers });
      assert.deepEqual(await reached, { organisation: 'insurer', network, channel: 'care' });
      assert.deepEqual(notes, [
        'hospital cannot be reached: the node of insurer is asked in its place.',
      ]);
    }
  });

  it('is opened at another node once the hospital has left, as this device knows or as it is told', async () => {
    const left = without('hospital');
    const knew = reach({ known: left });
    assert.equal((await knew.reached).organisation, 'laboratory');
    assert.deepEqual(knew.asked, ['laboratory'], 'the hospital is out of the network');
    const told = reach({ answers: { hospital: left, laboratory: left } });
    assert.deepEqual(await told.reached, {
      organisation: 'laboratory',
      network: left,
      channel: 'care',
    });
    const silent = reach({ answers: { hospital: away, laboratory: left } });
    assert.equal((await silent.reached).organisation, 'laboratory');
    for (const { notes } of [knew, told, silent]) {
      assert.deepEqual(notes, [
        'hospital has left the network: the node of laboratory is asked in its place.',
        'To stay there: medseal party move laboratory',
      ]);
    }
  });

  // @class a device is led from an honest node to another by a false answer, or to one outside of the network | asks no other node
  it('asks no other node if one answers wrongly: it could be led to one that answers as somebody wants', async () => {
    const wrong = new MedsealError('SUCCESSOR_INVALID', { reason: 'too few signed it' });
    const { asked, reached } = reach({ answers: { hospital: wrong } });
    await assert.rejects(reached, failsWith('SUCCESSOR_INVALID'));
    assert.deepEqual(asked, ['hospital']);
  });

  it('is opened at the node that was named, and at no other', async () => {
    const { notes, reached } = reach({ named: 'insurer' });
    assert.equal((await reached).organisation, 'insurer');
    assert.deepEqual(notes, []);
    const gone = reach({ named: 'insurer', answers: { insurer: away } });
    await assert.rejects(gone.reached, failsWith('PEER_UNREACHABLE'));
    assert.deepEqual(gone.asked, ['insurer']);
    for (const named of ['pharmacy', '../hospital', 'hospital']) {
      const stranger = reach({ named, known: without('hospital') });
      await assert.rejects(stranger.reached, failsWith('ARGUMENT_INVALID'));
      assert.deepEqual(stranger.asked, []);
    }
  });

  it('is opened where it moved to, and neither its own nor any other node is asked', async () => {
    for (const known of [network, without('hospital')]) {
      const { asked, notes, reached } = reach({ moved: 'insurer', known });
      const at = { organisation: 'insurer', network: known, channel: 'care' };
      assert.deepEqual(await reached, at);
      assert.deepEqual([asked, notes], [['insurer'], []]);
    }
    const back = reach({ moved: 'hospital' });
    assert.deepEqual(await back.reached, { organisation: 'hospital', network });
  });

  it('is opened at its own node first, then at another, while the one that it moved to is away or has left', async () => {
    const gone = reach({ moved: 'insurer', answers: { insurer: away } });
    assert.equal((await gone.reached).organisation, 'hospital');
    assert.deepEqual(gone.asked, ['insurer', 'hospital']);
    assert.deepEqual(gone.notes, [
      'insurer cannot be reached: the node of hospital is asked in its place.',
    ]);
    const left = reach({ moved: 'insurer', known: without('insurer') });
    assert.equal((await left.reached).organisation, 'hospital');
    assert.deepEqual(left.asked, ['hospital'], 'the insurer is out of the network');
    assert.deepEqual(left.notes, [
      'insurer has left the network: the node of hospital is asked in its place.',
      'To stay there: medseal party move hospital',
    ]);
  });

  // @class a device is led from an honest node to another by a false answer, or to one outside of the network | asks no other node
  it('is opened at no node outside of the network, whatever its device has as its place', async () => {
    for (const moved of ['pharmacy', '../hospital', '']) {
      const { asked, reached } = reach({ moved, addresses: [moved, 'hospital'] });
      assert.equal((await reached).organisation, 'hospital');
      assert.deepEqual(asked, ['hospital']);
    }
  });

  it('is told whose address is missing, where the device knows none that answers', async () => {
    const alone = reach({ addresses: ['hospital'], answers: { hospital: away } });
    await assert.rejects(alone.reached, failsWith('PEER_UNREACHABLE'));
    assert.deepEqual(alone.notes, [
      'Another node may serve you: add --url laboratory=https://… or --url insurer=https://….',
    ]);
    // The one address that it has for all of them can be that of its own organisation's node.
    const base = reach({
      ownAddresses: [],
      answers: { hospital: away, laboratory: away, insurer: away },
    });
    await assert.rejects(base.reached, failsWith('PEER_UNREACHABLE'));
    assert.deepEqual(base.notes, alone.notes);
    const none = reach({ addresses: ['hospital'], known: without('hospital') });
    await assert.rejects(none.reached, failsWith('ARGUMENT_INVALID'));
    assert.deepEqual(none.asked, []);
  });
});
