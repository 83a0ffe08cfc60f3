import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { askToSign } from '../test/askToSign.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { isPresentedSound } from './isPresentedSound.ts';
import { notes } from '../examination/OrganisationExamination.ts';

const LOG = 'care/hospital';
const KEY = `shown/${LOG}/000000000002`;

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());

/** Tells whether it is as it was, where a copy has so many entries of the log. */
async function examined(key: string, text: string, copied: number): Promise<boolean> {
  const size = notes.size(LOG, 'insurer');
  const scratch = {
    async *under(prefix: string): AsyncGenerator<[string, string]> {
      if (prefix === size) yield [size, String(copied)];
      await Promise.resolve();
    },
  };
  const { file, ports } = network;
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return false;
  }
  return await isPresentedSound(
    { organisation: 'insurer', network: file, ports, scratch },
    key,
    row,
  );
}

/** The row of two entries that were shown after two others. */
function shown(): string {
  const all = Array.from({ length: 4 }, (_, place) => `0x${`${place}e`.repeat(32)}` as const);
  const { from, entries, verdicts, note } = askToSign(network, all, { from: 2 });
  return JSON.stringify({ from, entries, verdicts, note });
}

describe('what a coordinator was shown before it signed', () => {
  it('is sound only if every character is unaltered, while no copy has it', async () => {
    const text = shown();
    assert.equal(await examined(KEY, text, 0), true);
    assert.equal(await examined(KEY, text, 3), true);
    for (let at = 0; at < text.length; at += 5) {
      for (const bit of [1, 4, 32]) {
        const changed = String.fromCharCode(text.charCodeAt(at) ^ bit);
        const altered = text.slice(0, at) + changed + text.slice(at + 1);
        assert.equal(await examined(KEY, altered, 3), false, `${at}: ${altered.slice(at, at + 9)}`);
      }
    }
  });

  it('stands under its own place', async () => {
    for (const key of [`shown/${LOG}/000000000003`, `shown/${LOG}/2`, 'shown/2', `shown/${LOG}/`]) {
      assert.equal(await examined(key, shown(), 0), false, key);
    }
    assert.equal(await examined('shown/care/insurer/000000000002', shown(), 0), false);
  });

  it('is not looked at any more once a copy has it', async () => {
    const text = shown().replace(/"signature":"0x../, '"signature":"0x00');
    assert.equal(await examined(KEY, text, 3), false);
    assert.equal(await examined(KEY, text, 4), true);
  });
});
