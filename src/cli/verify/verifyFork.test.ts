import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { successorOf } from '../../protocol/network/successorOf.ts';
import {
  network,
  primitives,
  signatory,
  word,
  type Signatory,
} from '../../protocol/test/sampleNetwork.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { blockStatement, conflictOf } from '../../protocol/test/sampleStatements.ts';
import {
  seatsOf,
  signedBy,
  termsOf,
  withCoordinator,
} from '../../protocol/test/sampleSuccessors.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { refused } from '../test/refused.ts';
import { runMedseal, temporaryFolder } from '../test/runMedseal.ts';

const first = signedBy(network, termsOf(network, 1000), ['hospital', 'insurer']);
const after = successorOf(primitives, network, first);
const one = signedBy(after, termsOf(after, 2000), ['hospital', 'laboratory']);
const other = signedBy(after, termsOf(after, 3000), ['laboratory', 'insurer']);
const fork = { successors: [one, other] };
const answer = { format: 'medseal-successors/1', successors: [first, one], fork };
const kept = { format: 'medseal-fork/1', ...fork, inForce: 0 };

interface Proven {
  readonly number: number;
  readonly convicts: readonly object[];
}

/** A folder with these files; returns their paths. */
async function folder(t: TestContext): Promise<(name: string, value: unknown) => Promise<string>> {
  const path = await temporaryFolder(t);
  return async (name, value) => {
    await writeFile(join(path, name), JSON.stringify(value));
    return join(path, name);
  };
}

describe('medseal verify fork', () => {
  let convicts: readonly object[];

  before(() => {
    const [seat] = seatsOf('laboratory');
    convicts = [{ organisation: 'laboratory', address: seat?.address }];
  });

  it('convicts who signed both, with the first network file and a node’s answer alone', async (t) => {
    const put = await folder(t);
    const named = ['--network', await put('network.json', network)];
    const line = ['verify', 'fork', await put('answer.json', answer), ...named];
    const { code, stdout, stderr } = await runMedseal(...line, '--json');
    assert.equal(code, 0, stderr + stdout);
    const proven = JSON.parse(stdout) as Proven;
    assert.equal(proven.number, 2);
    assert.deepEqual(proven.convicts, convicts);
    const told = await runMedseal(...line);
    assert.match(told.stdout, /^Proven: change 2 of the network was signed twice/);
    assert.match(
      told.stdout,
      /Signed both: laboratory\. Each signed twice, or others have its keys/,
    );
  });

  it('takes the file of a folder, with the successors that lead to it', async (t) => {
    const put = await folder(t);
    const named = ['--network', await put('network.json', network)];
    const line = ['verify', 'fork', await put('succession-fork.json', kept), ...named];
    refused(await runMedseal(...line), 'SUCCESSOR_INVALID');
    const successors = await put('successors.json', { ...answer, fork: undefined });
    const { code, stdout, stderr } = await runMedseal(
      ...line,
      '--successors',
      successors,
      '--json',
    );
    assert.equal(code, 0, stderr + stdout);
    assert.deepEqual((JSON.parse(stdout) as Proven).convicts, convicts);
  });

  it('refuses a proof that proves nothing, and every other file', async (t) => {
    const put = await folder(t);
    const first = await put('network.json', network);
    const run = async (value: unknown): ReturnType<typeof runMedseal> =>
      await runMedseal('verify', 'fork', await put('it.json', value), '--network', first);
    const forged = { ...other, signatures: other.signatures.slice(1) };
    for (const successors of [[one, one], [one], [], [one, forged], 'two', undefined]) {
      refused(await run({ ...answer, fork: { successors } }), 'SUCCESSOR_INVALID');
      refused(await run({ ...kept, successors }), 'SUCCESSOR_INVALID');
    }
    const ledgers = { format: 'medseal-ledger-fork/1' };
    for (const value of [null, 7, [], {}, network, { ...answer, fork: undefined }, ledgers]) {
      refused(await run(value), 'ARGUMENT_INVALID', 2);
    }
    await writeFile(first, JSON.stringify({ ...network, networkId: `0x${'11'.repeat(32)}` }));
    refused(await run(answer), 'SUCCESSOR_INVALID');
  });
});

/** A coordinator's statement that a block is the ledger's. */
const said = (key: Signatory, name: string, height = 7) =>
  blockStatement(key, { nonce: word('nonce'), newest: 0 }, { height, hash: word(name), time: 900 });

describe('medseal verify fork of two blocks', () => {
  const later = signatory('later insurer');
  const [hospital, insurer] = ['hospital', 'insurer'].map((name) =>
    signatory(`coordinator of ${name}`),
  ) as [Signatory, Signatory];
  const one = said(hospital, 'one');
  const other = said(insurer, 'other');
  const convicted = { organisation: 'hospital', address: hospital.address };

  it('names both blocks and their signers, and convicts a coordinator that signed both', async (t) => {
    const put = await folder(t);
    const named = ['--network', await put('network.json', consortium)];
    const line = ['verify', 'fork', await put('conflict-7.json', conflictOf(one, other)), ...named];
    const { code, stdout, stderr } = await runMedseal(...line, '--json');
    assert.equal(code, 0, stderr + stdout);
    const { network: fingerprint, ...proven } = JSON.parse(stdout) as { network: string };
    assert.match(fingerprint, /^0x/);
    assert.deepEqual(proven, {
      ok: true,
      height: 7,
      blocks: [
        { hash: word('one'), ...convicted },
        { hash: word('other'), organisation: 'insurer', address: insurer.address },
      ],
      convicts: [],
    });
    const told = await runMedseal(...line);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^Proven: two different blocks of height 7 are signed/);
    assert.match(told.stdout, /by insurer \(0x[\s\S]+does not tell which one/);
    await put('conflict-7.json', conflictOf(one, said(hospital, 'other')));
    const both = await runMedseal(...line, '--json');
    assert.deepEqual((JSON.parse(both.stdout) as Proven).convicts, [convicted]);
    assert.match((await runMedseal(...line)).stdout, /One coordinator signed both/);
  });

  // @attack somebody keeps what an honest coordinator signed before the ledger of one node came back from a backup, and shows it beside what it signed afterwards | nobody is convicted by blocks that are not final
  it('convicts nobody if one node keeps the ledger, which has other blocks after a backup', async (t) => {
    const put = await folder(t);
    const both = await put('conflict-7.json', conflictOf(one, said(hospital, 'other')));
    const line = ['verify', 'fork', both, '--network', await put('network.json', network)];
    const { code, stdout } = await runMedseal(...line, '--json');
    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(stdout) as Proven).convicts, []);
    const told = await runMedseal(...line);
    assert.match(told.stdout, /restored from a backup/);
    assert.doesNotMatch(told.stdout, /signed both|does not follow/);
  });

  it('counts coordinators of each office that the network file had or gets', async (t) => {
    const put = await folder(t);
    const pinned = await put('network.json', network);
    const [care = assert.fail()] = network.channels;
    const terms = {
      ...termsOf(network, 1000),
      channels: [withCoordinator(care, 'insurer', later)],
    };
    const change = signedBy(network, terms, ['hospital', 'insurer']);
    const newest = await put('newest.json', successorOf(primitives, network, change));
    const successors = await put('successors.json', {
      ...answer,
      successors: [change],
      fork: undefined,
    });
    const proof = await put('it.json', conflictOf(one, said(later, 'other')));
    refused(await runMedseal('verify', 'fork', proof, '--network', pinned), 'EVIDENCE_INVALID');
    for (const [file, ...more] of [[pinned, '--successors', successors], [newest]] as const) {
      const { code, stderr } = await runMedseal(
        'verify',
        'fork',
        proof,
        '--network',
        file,
        ...more,
      );
      assert.equal(code, 0, stderr);
    }
    const former = await put('former.json', conflictOf(one, other));
    const { code, stderr } = await runMedseal('verify', 'fork', former, '--network', newest);
    assert.equal(code, 0, stderr);
  });

  // @attack somebody hands on a file that accuses a coordinator of two blocks that it did not sign | both signatures, the height and the network are verified
  it('refuses a proof that proves nothing, that is of another network, cut off or oversized', async (t) => {
    const put = await folder(t);
    const pinned = await put('network.json', network);
    const path = await put('it.json', conflictOf(one, other));
    const run = async (): ReturnType<typeof runMedseal> =>
      await runMedseal('verify', 'fork', path, '--network', pinned, '--json');
    const foreign = { primitives, domain: domainOf({ ...network, networkId: word('another') }) };
    const asked = { nonce: word('nonce'), newest: 0 };
    const elsewhere = blockStatement(
      insurer,
      asked,
      { height: 7, hash: word('other'), time: 900 },
      { signing: foreign },
    );
    const conflict = conflictOf(one, other);
    for (const value of [
      conflictOf(one, one),
      conflictOf(one, said(insurer, 'one')),
      conflictOf(one, said(insurer, 'other', 8)),
      conflictOf(one, { ...other, signature: one.signature }),
      conflictOf(one, { ...other, coordinator: hospital.address }),
      conflictOf(one, said(signatory('stranger'), 'other')),
      conflictOf(one, elsewhere),
      conflictOf(one),
      conflictOf(one, other, other),
      conflictOf(...Array.from({ length: 10_000 }, () => other)),
      { ...conflict, statements: undefined },
      { ...conflict, statements: [null, 7] },
      { ...conflict, more: 1 },
      { ...conflict, network: word('another') },
    ]) {
      await writeFile(path, JSON.stringify(value));
      const { code, stdout, stderr } = await run();
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout + stderr, /EVIDENCE_INVALID/);
    }
    const text = JSON.stringify(conflict);
    for (const content of [
      text.slice(0, -1),
      text.slice(0, 100),
      '',
      JSON.stringify({ ...conflict, format: 'medseal-block-conflict/2' }),
      JSON.stringify({ ...conflict, more: 'x'.repeat(16 * 2 ** 20) }),
    ]) {
      await writeFile(path, content);
      const { code, stdout, stderr } = await run();
      assert.equal(code, 2, stdout + stderr);
      assert.match(stdout + stderr, /ARGUMENT_INVALID/);
    }
  });
});
