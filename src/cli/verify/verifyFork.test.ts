import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { network, primitives } from '../../protocol/test/sampleNetwork.ts';
import { seatsOf, signedBy, termsOf } from '../../protocol/test/sampleSuccessors.ts';
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
