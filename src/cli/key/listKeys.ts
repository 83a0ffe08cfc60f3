import type { KeyFile } from '../../node/keystore.ts';
import { findHome } from '../home/Home.ts';
import type { HomeOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { keyHere, keysHere } from './keysHere.ts';

/** Lists the keys of the device. */
export async function listKeys(_terminal: Terminal, options: HomeOptions): Promise<Answer> {
  const keys = await keysHere(findHome(options));
  return {
    value: { keys: keys.map(described) },
    text:
      keys.length === 0
        ? 'There is no key yet. Make one: medseal key new <name>'
        : table(['name', 'address', 'role', 'organisation', 'kept'], keys.map(rowOf)),
  };
}

/** Shows one key of the device; nothing of it is opened. */
export async function showKey(
  _terminal: Terminal,
  name: string | undefined,
  options: HomeOptions,
): Promise<Answer> {
  const key = await keyHere(findHome(options), name);
  return {
    value: described(key),
    text: table(['name', 'address', 'role', 'organisation', 'kept'], [rowOf(key)]),
  };
}

function described({ name, address, demo, role, organisation }: KeyFile): object {
  return { name, address, demo, ...(role && { role }), ...(organisation && { organisation }) };
}

function rowOf({ name, address, role, organisation, demo }: KeyFile): readonly string[] {
  const kept = demo ? 'unencrypted, a demonstration' : 'under a passphrase';
  return [name, address, role ?? '–', organisation ?? '–', kept];
}
