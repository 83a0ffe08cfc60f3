import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { findHome, nodesOf, writeHomeSettings } from './Home.ts';
import { agentUrl, nodesAt } from './Nodes.ts';

describe('where the nodes are', () => {
  it('is one address below which each has its name, or an address of its own', () => {
    const nodes = nodesAt(['http://a.example/', 'laboratory=https://b.example:8/x/']);
    assert.equal(agentUrl(nodes, 'hospital'), 'http://a.example/hospital');
    assert.equal(agentUrl(nodes, 'laboratory'), 'https://b.example:8/x/laboratory');
    assert.equal(agentUrl(nodes, 'constructor'), 'http://a.example/constructor');
  });

  it('is not guessed', () => {
    const nodes = nodesAt(['laboratory=https://b.example']);
    assert.throws(() => agentUrl(nodes, 'hospital'), failsWith('ARGUMENT_INVALID'));
  });

  it('is not an address that ends with the name of the organisation, and what to type instead is said', () => {
    for (const [typed, instead] of [
      ['http://a.example/hospital', 'http://a.example'],
      ['https://a.example:8/x/hospital/', 'https://a.example:8/x'],
      ['hospital=http://a.example/hospital', 'hospital=http://a.example'],
    ] as const) {
      const reason = `${typed.replace(/^hospital=|\/$/g, '')} is the address of hospital alone; the command adds the name itself: type ${instead}`;
      const wrong = failsWith('ARGUMENT_INVALID', { argument: 'url', reason });
      assert.throws(() => agentUrl(nodesAt([typed]), 'hospital'), wrong);
    }
    const nodes = nodesAt(['http://hospital/a-hospital']);
    assert.equal(agentUrl(nodes, 'hospital'), 'http://hospital/a-hospital/hospital');
  });

  it('is said by addresses alone, and by one without a name at most', () => {
    for (const texts of [
      ['a.example'],
      ['file:///etc'],
      [''],
      ['laboratory='],
      ['laboratory=b.example'],
      ['Laboratory=http://b.example'],
      ['http://a.example', 'http://b.example'],
    ]) {
      assert.throws(() => nodesAt(texts), failsWith('ARGUMENT_INVALID'), texts.join(' '));
    }
  });
});

describe('a device remembers', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-home-'));
  });
  after(async () => await rm(folder, { recursive: true }));

  it('where the nodes are; what is named on the command line goes first', async () => {
    const home = findHome({ home: folder });
    await assert.rejects(nodesOf(home), failsWith('HOME_UNJOINED'));
    await writeHomeSettings(home, nodesAt(['http://a.example', 'laboratory=http://b.example']));
    const kept = { url: 'http://a.example', urls: { laboratory: 'http://b.example' } };
    assert.deepEqual(await nodesOf(home), kept);
    assert.deepEqual(await nodesOf(home, ['http://c.example']), {
      url: 'http://c.example',
      urls: {},
    });
    assert.deepEqual(await nodesOf(home, ['insurer=http://d.example']), {
      url: 'http://a.example',
      urls: { laboratory: 'http://b.example', insurer: 'http://d.example' },
    });
  });

  it('it as earlier versions wrote it, one address alone, and believes no other form', async () => {
    const home = findHome({ home: folder });
    await writeHomeSettings(home, nodesAt(['http://a.example']));
    const text = await readFile(join(folder, 'home.json'), 'utf8');
    assert.deepEqual(JSON.parse(text), { format: 'medseal-home/1', url: 'http://a.example' });
    await writeFile(join(folder, 'home.json'), '{"url":"http://a.example","urls":{"x":7}}');
    await assert.rejects(nodesOf(home), failsWith('FOLDER_FOREIGN'));
  });
});
