import type { KeyFile } from '../../device/keystore.ts';
import { findHome, type Home } from '../home/Home.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { shownState, stateOf, unfinishedChanges } from './stateOf.ts';
import { keyHere, keysHere } from './keysHere.ts';
import { calledAs } from '../program/calledAs.ts';
import type { KEYS_LISTED, KEY_SHOWN } from './keyAnswers.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** Lists the keys of the device. */
export async function listKeys(
  _terminal: Terminal,
  options: HomeOptions,
): Promise<AnswerOf<typeof KEYS_LISTED>> {
  const home = findHome(options);
  const keys = await Promise.all((await keysHere(home)).map(async (key) => await told(home, key)));
  return {
    value: { keys: keys.map(({ value }) => value) },
    lines:
      keys.length === 0
        ? [`There is no key yet. Next: ${calledAs('key new <name>')}`]
        : [
            ...table(
              HEADINGS,
              keys.map(({ row }) => row),
              { drop: DROP },
            ),
            ...unfinishedChanges(keys.map(({ value }) => value)),
          ],
  };
}

/** Shows one key of the device; nothing of it is opened. */
export async function showKey(
  _terminal: Terminal,
  name: string | undefined,
  options: HomeOptions,
): Promise<AnswerOf<typeof KEY_SHOWN>> {
  const home = findHome(options);
  const { value, row } = await told(home, await keyHere(home, name));
  return {
    value,
    lines: [...table(HEADINGS, [row], { drop: DROP }), ...unfinishedChanges([value])],
  };
}

/** Columns that a narrow terminal goes without. */
const DROP = ['address', 'organisation', 'role'];
const HEADINGS = ['name', 'address', 'role', 'organisation', 'state'];

async function told(
  home: Home,
  key: KeyFile,
): Promise<{ readonly value: Of<typeof KEY_SHOWN>; readonly row: readonly string[] }> {
  const state = await stateOf(home, key);
  const { name, role = '–', organisation = '–' } = state;
  const { address, signer, demo } = key;
  return {
    value: { ...state, address, ...(signer && { signer }), demo },
    row: [name, address, role, organisation, shownState(state)],
  };
}
