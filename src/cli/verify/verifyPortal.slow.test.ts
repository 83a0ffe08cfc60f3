import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listen, type Listening } from '../../http/listen.ts';
import { networkApp } from '../../http/networkApp.ts';
import { readPortal, type Portal } from '../../http/portal/readPortal.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { openDev } from '../openDev.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';

let portal: Portal;
const servers: Listening[] = [];

before(async () => {
  const read = await readPortal();
  assert.ok(read, 'the portal is built: npm run prepare');
  portal = read;
});

after(async () => {
  for (const server of servers) await server.close();
});

async function serve(served: Portal | undefined): Promise<string> {
  const agents = new Map([['hospital', {} as AgentPort]]);
  const server = await listen(networkApp(agents, { portal: served }), 0);
  servers.push(server);
  return `${server.url}/hospital`;
}

function tampered(path: string): Portal {
  const bytes = Buffer.concat([portal.files.get(path) ?? Buffer.alloc(0), Buffer.from(' ')]);
  return { ...portal, files: new Map([...portal.files, [path, bytes]]) };
}

describe('medseal verify portal', () => {
  it('finds safe what nodes serve if it is the portal of this package', async () => {
    const urls = [await serve(portal), `${await serve(portal)}/portal/`];
    const run = await runMedseal('verify', 'portal', ...urls);
    assert.equal(run.code, 0, run.stderr);
    assert.match(
      run.stdout,
      /^Safe {6}http:.*\/hospital\/portal\/\n {12}page [0-9a-f]{64}, and \d+ files/m,
    );
    assert.match(run.stdout, new RegExp(`2 of 2 safe, compared with the page ${portal.sha256}`));
  });

  it('names the node whose page or file was changed by a byte, and the one that has no portal', async () => {
    const script = [...portal.files.keys()].find((path) => path.endsWith('.js')) ?? '';
    const urls = [tampered('index.html'), tampered(script), undefined, portal];
    const addresses = await Promise.all(urls.map(serve));
    const run = await runMedseal('verify', 'portal', ...addresses, '--json');
    assert.equal(run.code, 1);
    const { ok, findings } = JSON.parse(run.stdout) as {
      ok: boolean;
      findings: readonly { what: string; safe: boolean; detail: string }[];
    };
    assert.equal(ok, false);
    assert.deepEqual(
      findings.map(({ safe, detail }) => [safe, detail.replace(/page [0-9a-f]{64}.*/, 'page …')]),
      [
        [false, 'its page is not the expected one'],
        [false, `the file ${script} differs from what the page pins`],
        [false, 'it answers 404'],
        [true, 'page …'],
      ],
    );
  });

  it('compares with the hash that is given, and refuses what is neither a hash nor an address', async () => {
    const url = await serve(portal);
    const same = await runMedseal('verify', 'portal', url, '--sha256', portal.sha256.toUpperCase());
    assert.equal(same.code, 0, same.stdout);
    const other = await runMedseal('verify', 'portal', url, '--sha256', '00'.repeat(32));
    assert.equal(other.code, 1);
    for (const line of [[url, '--sha256', 'abc'], ['hospital'], ['file:///etc/passwd'], []]) {
      assert.equal((await runMedseal('verify', 'portal', ...line)).code, 2, line.join(' '));
    }
  });

  it('verifies what each organisation signed about its portal, by the network file that is trusted', async (t) => {
    const folder = await temporaryFolder(t);
    const networks = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const data = join(folder, name);
        return await openDev({ data, demo: true, port: 0, rpcPort: 0 });
      }),
    );
    t.after(async () => {
      for (const each of networks) await each.close();
    });
    const [one, two] = networks.map(({ ready }) => ready);
    assert.ok(one && two);
    const urls = one.organisations.map((name) => `${one.url}/${name}`);
    const trusted = ['--network', join(one.data, 'network.json')];
    const run = await runMedseal('verify', 'portal', ...urls, ...trusted);
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.equal(run.stdout.match(/signed by its organisation/g)?.length, 3);
    const other = ['--network', join(two.data, 'network.json')];
    const foreign = await runMedseal('verify', 'portal', ...urls, ...other);
    assert.equal(foreign.code, 1);
    assert.match(foreign.stdout, /0 of 3 safe/);
    assert.match(foreign.stdout, /not signed by its organisation/);
  });
});
