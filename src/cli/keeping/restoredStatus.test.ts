import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listen, type Listening } from '../../http/listen.ts';
import { networkApp } from '../../http/networkApp.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { ORGANISATIONS, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { runMedseal } from '../test/runMedseal.ts';

describe('medseal status before a node that was restored', () => {
  let network: TestNetwork;
  let doors: Listening;
  let folder: string;

  before(async () => {
    network = await startTestNetwork();
    folder = await scratchFolder();
    await writeFile(join(folder, 'network.json'), JSON.stringify(network.file));
    const agents = new Map(ORGANISATIONS.map((name) => [name, network.agent(name)]));
    doors = await listen(networkApp(agents), 0);
  });
  after(async () => {
    await doors.close();
    await network.close();
    await rm(folder, { recursive: true });
  });

  async function status(): ReturnType<typeof runMedseal> {
    return await runMedseal('status', '--home', folder, '--url', doors.url);
  }

  it('names what the node does not know yet, and says that it answers once it does', async () => {
    const saved = await network.save('hospital');
    const restored = { restoredAt: seconds(network.clock), othersWentOn: true };
    await network.rollBack('hospital', saved, restored);
    const { rejoining } = network.services();
    await assert.rejects(rejoining.go(), { code: 'NODE_BEHIND' });
    const early = await status();
    assert.match(
      early.stdout.replaceAll(/\s+/g, ' '),
      /hospital .*older copy of its folder.*looks for 10 s more whether the node .* still runs/,
    );
    assert.equal(early.code, 3);
    network.clock.advance(10_000);
    await rejoining.go();
    const { code, stdout } = await status();
    assert.match(stdout, /^hospital +\S+ +answers$/m);
    assert.equal(code, 0);
  });
});
