import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { createNoteKey, type NoteKey } from '../../crypto/note/NoteKey.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { networkApp } from '../../http/networkApp.ts';
import { readPortal, type Portal } from '../../http/portal/readPortal.ts';
import { writePortal } from '../../http/test/writePortal.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { signPortal, type PortalPin } from '../../protocol/portal/portalStatement.ts';
import type { Fetch } from '../agent/operationCalls.ts';
import { examinePortal, type PortalFinding, type PortalSources } from './examinePortal.ts';

let portal: Portal;

before(async () => {
  const folder = await scratchFolder();
  await writePortal(folder);
  const read = await readPortal(folder);
  assert.ok(read);
  portal = read;
  await rm(folder, { recursive: true });
});

const key = createNoteKey('medseal/0011/care/hospital', new Uint8Array(32).fill(1));
const other = createNoteKey(key.name, new Uint8Array(32).fill(2));
const network = {
  channels: [
    {
      logs: [
        {
          name: 'care/hospital',
          organisation: 'hospital',
          origin: key.name,
          key: key.verifierKey,
        },
      ],
    },
  ],
} as unknown as NetworkFile;

/** An agent that states by a key that it serves a page. */
function stating(by: NoteKey, pin: PortalPin): AgentPort {
  const statement = signPortal(portablePrimitives, by, pin, 1_800_000_000);
  return { portal: async () => await Promise.resolve(statement) } as unknown as AgentPort;
}

function withFile(path: string, text: string): Portal {
  return { ...portal, files: new Map([...portal.files, [path, Buffer.from(text)]]) };
}

function pageOf({ files }: Portal): string {
  return Buffer.from(files.get('index.html') ?? []).toString();
}

/** Nodes, each by its host; undefined stands for one that serves no portal. */
function nodes(
  served: Readonly<Record<string, Portal | undefined>>,
  agent: AgentPort = {} as AgentPort,
): Fetch {
  const apps = new Map(
    Object.entries(served).map(([host, each]) => {
      const agents = new Map([['hospital', agent]]);
      return [host, networkApp(agents, { portal: each, names: [host] })];
    }),
  );
  return async (url, init) => {
    const { host } = new URL(url);
    const app = apps.get(host);
    if (app === undefined) throw new TypeError('fetch failed');
    return await app.request(url, { ...init, headers: { host } });
  };
}

async function examined(
  served: Readonly<Record<string, Portal | undefined>>,
  sources: PortalSources = {},
): Promise<readonly PortalFinding[]> {
  const urls = Object.keys(served).map((host) => `https://${host}/hospital`);
  return await examinePortal(portablePrimitives, urls, { fetch: nodes(served), ...sources });
}

describe('the portals of nodes', () => {
  it('are the same if each serves the page and the files that it pins', async () => {
    const found = await examined({ 'a.example': portal, 'b.example': portal });
    assert.deepEqual(
      found.map(({ url, sha256, files, faults }) => [url, sha256, files, faults]),
      ['a', 'b'].map((name) => [`https://${name}.example/hospital/portal/`, portal.sha256, 2, []]),
    );
  });

  it('are found by the address of an agent or of a page, with a slash or without', async () => {
    const fetch = nodes({ 'a.example': portal });
    const base = 'https://a.example/hospital';
    const urls = [base, `${base}/`, `${base}/portal`, `${base}/portal/`];
    const found = await examinePortal(portablePrimitives, urls, { fetch });
    assert.deepEqual(
      found.flatMap(({ faults }) => faults),
      [],
    );
  });

  it('are compared with the hash that somebody expects, in letters of either case', async () => {
    const right = { sha256: portal.sha256.toUpperCase() };
    assert.deepEqual((await examined({ 'a.example': portal }, right))[0]?.faults, []);
    const other = { sha256: '00'.repeat(32) };
    const found = await examined({ 'a.example': portal, 'b.example': portal }, other);
    for (const { faults } of found) assert.deepEqual(faults, ['its page is not the expected one']);
  });

  // @attack a node changes the portal's page, so that it sends the keys of its visitors away | one hash pins the page and all its files, and anyone compares it across nodes
  it('differ if one node changed its page', async () => {
    const tampered = withFile('index.html', `${pageOf(portal)}<script>steal()</script>`);
    const [first, second] = await examined({ 'a.example': portal, 'b.example': tampered });
    assert.deepEqual(first?.faults, []);
    assert.deepEqual(second?.faults, [
      'its page is not that of https://a.example/hospital/portal/',
    ]);
    assert.notEqual(second?.sha256, first?.sha256);
  });

  it('have a fault if a file is not the pinned one, though the page is', async () => {
    const tampered = withFile('assets/main-1.js', 'steal()');
    const [, second] = await examined({ 'a.example': portal, 'b.example': tampered });
    assert.equal(second?.sha256, portal.sha256);
    assert.deepEqual(second?.faults, ['the file assets/main-1.js differs from what the page pins']);
  });

  it('have a fault if a file is missing, or another policy comes along', async () => {
    const files = new Map([...portal.files].filter(([path]) => path !== 'icon.svg'));
    const lax = { ...portal, policy: "script-src 'unsafe-inline'" };
    const [missing, loose] = await examined({
      'a.example': { ...portal, files },
      'b.example': lax,
    });
    assert.deepEqual(missing?.faults, ['the file icon.svg: it answers 404']);
    assert.deepEqual(loose?.faults, ['the policy that it sends is not that of its page']);
  });

  it('have a fault if a node has none, answers nothing, or serves another page', async () => {
    const other = withFile('index.html', '<!doctype html><p>Hello');
    const served = { 'a.example': undefined, 'c.example': other, 'b.example': portal };
    const urls = ['a', 'b', 'c', 'd'].map((name) => `https://${name}.example/hospital`);
    const found = await examinePortal(portablePrimitives, urls, { fetch: nodes(served) });
    assert.deepEqual(
      found.map(({ faults, unchecked }) => unchecked ?? faults),
      [
        ['it answers 404'],
        [],
        [
          'its page is not that of https://b.example/hospital/portal/',
          'its page pins no files: it is not a portal’s',
        ],
        'it does not answer',
      ],
    );
  });

  // @attack a node says that its organisation serves another page than it does | the statement is compared with the page, and is signed by the log's key
  it('are compared with what each organisation signed, if a network file says by which key', async () => {
    const right = { sha256: portal.sha256, policy: portal.policy };
    const answers: readonly (readonly [AgentPort, readonly RegExp[]])[] = [
      [stating(key, right), []],
      [stating(other, right), [/not signed by its organisation/]],
      [stating(key, { ...right, sha256: '00'.repeat(32) }), [/signed a statement about another/]],
      [{} as AgentPort, [/gives no statement/]],
    ];
    for (const [agent, expected] of answers) {
      const fetch = nodes({ 'a.example': portal }, agent);
      const urls = ['https://a.example/hospital'];
      const [found] = await examinePortal(portablePrimitives, urls, { fetch, network });
      assert.equal(found?.faults.length, expected.length, found?.faults.join());
      for (const [place, each] of expected.entries())
        assert.match(found?.faults[place] ?? '', each);
    }
  });

  it('have a fault if the network file does not name the organisation of the address', async () => {
    const fetch = nodes({ 'a.example': portal });
    const named = { channels: [] } as unknown as NetworkFile;
    const urls = ['https://a.example/hospital'];
    const [found] = await examinePortal(portablePrimitives, urls, { fetch, network: named });
    assert.deepEqual(found?.faults, ['the network file names no organisation hospital']);
  });
});
