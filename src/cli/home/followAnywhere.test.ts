import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network } from '../../protocol/test/sampleNetwork.ts';
import { fileOf, signedBy, termsOf } from '../../protocol/test/sampleSuccessors.ts';
import { followAnywhere, type FollowingDevice } from './followAnywhere.ts';

const NOW = Math.floor(Date.now() / 1000);
const authority = { ...network.authority, threshold: 3 };
const terms = { ...termsOf(network, NOW - 7200), authority };
const successor = signedBy(network, terms, ['hospital', 'laboratory', 'insurer']);
const [, later = assert.fail()] = followSuccessors(context, network, fileOf(successor));
const unsigned = { ...successor, signatures: successor.signatures.slice(0, 1) };

/** Each node's file and its successors; one that is not here is away. */
type Answers = Readonly<Record<Organisation, readonly [NetworkFile, ...Successor[]]>>;

interface Trial extends FollowingDevice {
  /** Organisations whose node was asked, in their order, each as often as it was. */
  readonly asked: Organisation[];
}

/** A device that pinned the first file, and knows one address for all nodes. */
async function deviceAt(t: TestContext, answers: Answers): Promise<Trial> {
  const asked: Organisation[] = [];
  const server = createServer((request, response) => {
    const [, organisation = '', , what] = (request.url ?? '').split('/');
    asked.push(organisation);
    const [file, ...successors] = answers[organisation] ?? [];
    response.setHeader('content-type', 'application/json');
    if (file === undefined) response.writeHead(502);
    response.end(JSON.stringify(what === 'network' ? file : fileOf(...successors)));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const path = await scratchFolder();
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await rm(path, { recursive: true });
  });
  await writeFile(join(path, 'network.json'), JSON.stringify(network));
  const home = { path, keystore: join(path, 'parties') };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { home, known: network, nodes: { url, urls: {} }, asked };
}

describe('a device that pinned the first file', () => {
  it('follows at any node that goes by a newer one, whichever is away or still by the first', async (t) => {
    const trial = await deviceAt(t, { hospital: [network], insurer: [later, successor] });
    assert.deepEqual(await followAnywhere(trial), later);
    assert.ok(trial.asked.includes('hospital'));
  });

  it('stays with it if no node has another, or none answers', async (t) => {
    const all = await deviceAt(t, {
      hospital: [network],
      laboratory: [network],
      insurer: [network],
    });
    assert.deepEqual(await followAnywhere(all), network);
    assert.deepEqual(all.asked.toSorted(), ['hospital', 'insurer', 'laboratory']);
    assert.deepEqual(await followAnywhere(await deviceAt(t, {})), network);
  });

  it('goes by the node that is called then, if that answers', async (t) => {
    const trial = await deviceAt(t, { hospital: [network], insurer: [later, successor] });
    assert.deepEqual(await followAnywhere(trial, 'hospital'), network);
    assert.deepEqual(trial.asked, ['hospital']);
    assert.deepEqual(await followAnywhere(trial, 'insurer'), later);
  });

  // @attack a node gives a successor that too few signed | is refused, whichever node it is
  it('takes no successor that too few signed, at any node, and asks none outside of the network', async (t) => {
    for (const liar of ['hospital', 'laboratory', 'insurer']) {
      const trial = await deviceAt(t, { [liar]: [later, unsigned] });
      await assert.rejects(followAnywhere(trial), failsWith('SUCCESSOR_INVALID'));
    }
    const stranger = await deviceAt(t, { pharmacy: [later, successor] });
    assert.deepEqual(await followAnywhere(stranger, 'pharmacy'), network);
    assert.ok(!stranger.asked.includes('pharmacy'));
  });
});
