import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFolder } from '../../../folder/openFolder.ts';
import type { NamedToken } from '../TokenSettings.ts';
import type { FakeToken } from './fakeHelper.ts';

const HELPER = fileURLToPath(new URL('fakeHelper.ts', import.meta.url));

/** A token of tests. */
export interface TestToken {
  /** The settings that name it. */
  readonly settings: NamedToken;
  /** Alters how it behaves. */
  is(change: Partial<FakeToken>): Promise<void>;
  /** Writes the file with the PIN. */
  writePin(pin: string): Promise<void>;
  /** Returns the processes of its helper that were started so far. */
  starts(): Promise<readonly number[]>;
  /** Returns the wrong PINs that it was given. */
  wrongPins(): Promise<readonly string[]>;
}

/**
 * Makes a token of tests that signs, with a helper of its own.
 *
 * @param folder - An empty folder for it.
 */
export async function makeFakeToken(folder: string): Promise<TestToken> {
  await openFolder(folder);
  const [behaviour, pin, program] = ['token.json', 'pin', 'helper'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  let fake: FakeToken = { does: 'signs', secret: `0x${'5a'.repeat(32)}`, pin: 'moon 1234' };
  const write = async (): Promise<void> => await writeFile(behaviour, JSON.stringify(fake));
  await write();
  await writeFile(pin, `${fake.pin}\n`, { mode: 0o600 });
  const line = `exec '${process.execPath}' '${HELPER}' '${behaviour}'`;
  await writeFile(program, `#!/bin/sh\n${line}\n`, { mode: 0o700 });
  return {
    settings: { module: '/test/module.so', token: 'test', pin, label: 'medseal', program },
    async is(change) {
      fake = { ...fake, ...change };
      await write();
    },
    async writePin(text) {
      await writeFile(pin, `${text}\n`, { mode: 0o600 });
    },
    starts: async () =>
      (await linesOf(`${behaviour}.starts`)).map((each) => Number(each.split(' ')[0])),
    wrongPins: async () => await linesOf(`${behaviour}.pins`),
  };
}

async function linesOf(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8').catch(() => '')).split('\n').slice(0, -1);
}
