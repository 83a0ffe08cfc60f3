import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { networkOnCard } from '../../client/party/confirmContact.ts';
import { formatContactCard } from '../../client/party/ContactCard.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { refused } from '../test/refused.ts';
import { temporaryFolder, type Run } from '../test/runMedseal.ts';

const CARD = formatContactCard({
  format: 'medseal-contact/1',
  network: networkOnCard(network),
  party: `0x${'ab'.repeat(20)}`,
  recipient: word('recipient'),
});

describe('the contacts of a device', () => {
  let home: string;
  const ends: (() => unknown)[] = [];
  beforeEach(async () => {
    home = await temporaryFolder({ after: (end) => void ends.push(end) });
    await writeFile(join(home, 'network.json'), JSON.stringify(network));
  });

  after(async () => {
    for (const each of ends) await each();
  });

  async function run(...args: readonly string[]): Promise<Run> {
    const streams = captureStreams();
    const code = await runProgram([...args, '--home', home], streams);
    return { code, stdout: streams.out().toString(), stderr: streams.err() };
  }

  it('may have any alias, also one that every object knows', async () => {
    for (const alias of ['constructor', 'valueof', 'house']) {
      assert.equal(
        (await run('contact', 'remove', alias)).stdout,
        `There is no contact ${alias}.\n`,
      );
      assert.equal((await run('contact', 'add', alias, CARD)).code, 0);
      assert.equal((await run('contact', 'add', alias, CARD)).code, 0, 'it is safe to repeat');
      assert.match((await run('contact', 'list')).stdout, new RegExp(alias));
      assert.equal(
        (await run('contact', 'remove', alias)).stdout,
        `The contact ${alias} was removed.\n`,
      );
    }
  });

  it('have an alias that is the same in capitals', async () => {
    assert.equal((await run('contact', 'add', 'House', CARD)).code, 0);
    assert.match((await run('contact', 'list')).stdout, /^house /m);
    assert.equal(
      (await run('contact', 'remove', 'HOUSE')).stdout,
      'The contact house was removed.\n',
    );
  });

  it('are left as they are where what is named is a folder, or no card', async () => {
    refused(await run('contact', 'add', 'house', home), 'ARGUMENT_INVALID', 2);
    await mkdir(join(home, 'parties'));
    refused(await run('contact', 'add', 'house', 'medseal1qqqq'), 'CARD_INVALID');
    assert.match((await run('contact', 'list')).stdout, /no contacts yet/);
  });

  it('are not taken from a file of another form, and it is kept', async () => {
    const path = join(home, 'contacts.json');
    for (const text of [
      'null',
      '[]',
      '{"contacts":7}',
      '{"format":"medseal-contacts/1","contacts":{"a":{}}}',
    ]) {
      await writeFile(path, text);
      for (const args of [['list'], ['remove', 'a'], ['add', 'b', CARD]]) {
        refused(await run('contact', ...args), 'FOLDER_FOREIGN');
      }
      assert.equal(await readFile(path, 'utf8'), text);
    }
  });

  it('are looked for at nodes only if the device’s settings are of their form', async () => {
    for (const text of [
      '[]',
      '{"url":7}',
      '{"format":"medseal-home/1","url":"http://a","urls":null}',
    ]) {
      await writeFile(join(home, 'home.json'), text);
      refused(await run('status'), 'FOLDER_FOREIGN');
    }
  });
});
