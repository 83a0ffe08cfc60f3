import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import type { Address } from '../../protocol/ids.ts';
import { WaitingPlaces } from './WaitingPlaces.ts';

const STRANGER = '198.51.100.7';

function partyOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

/** Ten places in an empty folder. */
function tenPlaces() {
  const files = memoryFiles();
  let places = new WaitingPlaces(files, 10);
  const write = async (number: number): Promise<void> => {
    await writeJsonFile(files, `waiting/${partyOf(number)}.json`, {});
  };
  return {
    ask: async (source: string, ...numbers: readonly number[]): Promise<void> => {
      for (const number of numbers) {
        await places.take(partyOf(number), source, async () => await write(number));
      }
    },
    waiting: async (): Promise<readonly number[]> =>
      (await files.list('waiting'))
        .map((name) => Number.parseInt(name, 16))
        .toSorted((a, b) => a - b),
    decide: async (number: number): Promise<void> => {
      await files.remove(`waiting/${partyOf(number)}.json`);
    },
    restart: (): void => {
      places = new WaitingPlaces(files, 10);
    },
  };
}

describe('the places of those who wait for an operator', () => {
  // @attack a stranger makes keys by the thousand, and applies with each, so that no honest applicant finds a place before the operator | all places taken, the address that has the most gives up its own
  it('are bounded: a stranger who takes many gives up the stranger’s own, and nobody else’s', async () => {
    const { ask, waiting } = tenPlaces();
    await ask('192.0.2.1', 1);
    await ask(STRANGER, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22);
    assert.deepEqual(await waiting(), [1, 14, 15, 16, 17, 18, 19, 20, 21, 22]);
    await ask('192.0.2.2', 2);
    await ask('', 3);
    assert.deepEqual(await waiting(), [1, 2, 3, 16, 17, 18, 19, 20, 21, 22]);
  });

  it('are kept by those who ask again, and lost first by who has not asked for the longest', async () => {
    const { ask, waiting } = tenPlaces();
    await ask(STRANGER, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    await ask(STRANGER, 11, 12);
    await ask('192.0.2.1', 1, 2);
    assert.deepEqual(await waiting(), [1, 2, 11, 12, 15, 16, 17, 18, 19, 20]);
  });

  // @attack many addresses displace an applicant | it has a place again as soon as it asks
  it('are had again by an applicant whom many addresses displaced, as soon as it asks', async () => {
    const { ask, waiting } = tenPlaces();
    await ask('192.0.2.1', 1);
    for (let number = 11; number <= 20; number++) await ask(`198.51.100.${number}`, number);
    assert.equal((await waiting()).includes(1), false);
    await ask('192.0.2.1', 1);
    assert.equal((await waiting()).includes(1), true);
    assert.equal((await waiting()).length, 10);
  });

  it('are free again once the operator decided, in another process too', async () => {
    const { ask, waiting, decide } = tenPlaces();
    await ask(STRANGER, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    await decide(15);
    await ask(STRANGER, 21);
    assert.deepEqual(await waiting(), [11, 12, 13, 14, 16, 17, 18, 19, 20, 21]);
  });

  it('stay with those who waited before a start rather than go to many of one address after it', async () => {
    const { ask, waiting, restart } = tenPlaces();
    await ask('192.0.2.1', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    restart();
    await ask(STRANGER, 11, 12, 13, 14);
    assert.deepEqual(await waiting(), [2, 3, 4, 5, 6, 7, 8, 9, 10, 14]);
  });

  it('are not more when many ask at once', async () => {
    const { ask, waiting } = tenPlaces();
    await Promise.all(Array.from({ length: 30 }, async (_, number) => await ask(STRANGER, number)));
    assert.equal((await waiting()).length, 10);
  });
});
