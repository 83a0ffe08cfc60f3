import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentName, settings } from '../../../src/node/configuration/settings.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { damageFile } from '../damageFile.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { contentOf } from '../foldersAlike.ts';
import { mutateText, ODD_TEXTS } from '../mutateJson.ts';
import { typeMedseal } from '../typeMedseal.ts';

/** A file that something is read from, how far the founding is then, and command lines that read it; `@` is the stage. */
interface Given {
  readonly at: 'made' | 'begun' | 'dealt' | 'founded' | 'joined';
  /** Within the stage. */
  readonly file: string;
  readonly lines: readonly (readonly string[])[];
}

const FOUND = ['init', '--data', '@a', '--exchange', '@x', '--found', '--yes'];
const JOIN = ['init', '--data', '@b', '--exchange', '@x', '--yes'];
const CHECK = ['up', '--check', '--data', '@b'];
const WAITING = ['party', 'waiting', '--data', '@b'];
const APPROVE = ['party', 'approve', `0x${'11'.repeat(20)}`, '--data', '@b', '--yes'];
const ASKED = `b/authority/b/waiting/0x${'11'.repeat(20)}.json`;
const KEEPING = [
  ['fsck', '--data', '@b'],
  ['verify', 'node', '--data', '@b'],
  ['backup', '--data', '@b', '--to', '@backup'],
];

const GIVEN: readonly Given[] = [
  { at: 'made', file: 'x/b.identity.json', lines: [FOUND] },
  { at: 'made', file: 'x/a.identity.json', lines: [FOUND] },
  { at: 'made', file: 'a/folder.json', lines: [FOUND] },
  { at: 'made', file: 'a/node/a/keys.json', lines: [FOUND] },
  { at: 'made', file: 'a/authority/a/keys.json', lines: [FOUND] },
  { at: 'begun', file: 'x/terms.json', lines: [JOIN] },
  { at: 'begun', file: 'x/a.identity.json', lines: [JOIN] },
  { at: 'dealt', file: 'x/b.deal.json', lines: [FOUND] },
  { at: 'dealt', file: 'x/b.identity.json', lines: [FOUND] },
  { at: 'dealt', file: 'a/terms.json', lines: [FOUND] },
  { at: 'dealt', file: 'b/terms.json', lines: [JOIN, CHECK] },
  { at: 'founded', file: 'x/terms.json', lines: [JOIN] },
  { at: 'founded', file: 'a/founding.json', lines: [FOUND] },
  { at: 'founded', file: 'a/network.json', lines: [FOUND] },
  { at: 'founded', file: 'x/network.json', lines: [JOIN] },
  { at: 'founded', file: 'x/a.identity.json', lines: [JOIN] },
  { at: 'founded', file: 'x/b.identity.json', lines: [JOIN] },
  { at: 'joined', file: 'b/network.json', lines: [JOIN, CHECK, ...KEEPING] },
  { at: 'joined', file: 'b/nodes.json', lines: [JOIN, CHECK, ...KEEPING] },
  { at: 'joined', file: 'b/folder.json', lines: [JOIN, CHECK, WAITING, ...KEEPING] },
  { at: 'joined', file: 'b/medseal.json', lines: [JOIN, CHECK] },
  { at: 'joined', file: 'b/medseal.json', lines: [CHECK] },
  { at: 'joined', file: 'b/node/b/keys.json', lines: [JOIN, ...KEEPING] },
  { at: 'joined', file: 'b/authority/b/keys.json', lines: [JOIN, ...KEEPING] },
  { at: 'joined', file: ASKED, lines: [WAITING, APPROVE] },
];

/**
 * Input of a node: files that organisations give each other when a network is founded, the content of its folder, its
 * settings in its file, in the environment and on the command line, and applications. A command that refuses leaves all
 * as it found it.
 */
export const openNodeTarget: OpenTarget = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const here = join(folder, 'here');
  await mkdir(here);
  const type = async (line: readonly string[]): Promise<number> => {
    const args = line.map((word) => (word.startsWith('@') ? join(here, word.slice(1)) : word));
    return (await typeMedseal(args)).code;
  };
  for (const name of ['a', 'b']) {
    const url = `http://127.0.0.1:${name === 'a' ? 1 : 2}`;
    const given = ['--organisation', name, '--url', url, '--exchange', '@x', '--plain-keys'];
    await type(['init', '--data', `@${name}`, ...given]);
  }
  await cp(here, join(folder, 'made'), { recursive: true });
  await type(FOUND);
  await cp(here, join(folder, 'begun'), { recursive: true });
  await type(JOIN);
  await cp(here, join(folder, 'dealt'), { recursive: true });
  await type(FOUND);
  await cp(here, join(folder, 'founded'), { recursive: true });
  await type(JOIN);
  await mkdir(join(here, 'b/authority/b/waiting'));
  const asked = { party: `0x${'11'.repeat(20)}`, role: 'doctor', organisation: 'b' };
  await writeFile(join(here, ASKED), JSON.stringify(asked));
  await cp(here, join(folder, 'joined'), { recursive: true });
  const environment = { ...process.env };
  return {
    async enter(dice, note) {
      const { at, file, lines } = dice.pick(GIVEN);
      await rm(here, { recursive: true });
      await cp(join(folder, at), here, { recursive: true });
      const line = [...dice.pick(lines), ...(dice.chance(0.2) ? ['--json'] : [])];
      const isConfigured = line.includes('--check') && dice.chance(0.5);
      const set = isConfigured ? oddSettings(dice) : [];
      const became = set.length > 0 ? '' : await damageFile(dice, join(here, file));
      const told = `${line.join(' ')}\n${JSON.stringify(set)}\n${file}: `;
      note(Buffer.concat([Buffer.from(told), Buffer.from(became)]));
      // Keys that were not written yet when making it was interrupted are made.
      if (at === 'made' && became === 'removed' && file.endsWith('keys.json')) return;
      const before = await stable(here);
      try {
        for (const [name, value] of set) if (name !== '--set') process.env[name] = value;
        const code = await type([
          ...line,
          ...set.flatMap(([name, value]) => (name === '--set' ? [name, value] : [])),
        ]);
        const after = await stable(here);
        const fresh = after.filter((each) => !before.includes(each));
        if (code !== 0 && (fresh.length > 0 || after.length < before.length)) {
          throw new TargetFault(`half-written: ${fresh.join('\n')}`);
        }
      } finally {
        process.env = { ...environment };
      }
    },
    async close() {
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Lists the content of a folder, but for what a database writes whenever it is opened. */
async function stable(folder: string): Promise<string[]> {
  const lines = (await contentOf(folder)).split('\n');
  return lines.filter((line) => !/\/(?:lock|ledger)(?:\/|$)/.test(line));
}

/** Settings with odd values, each as `--set` and its value, or as a name in the environment and its value. */
function oddSettings(dice: Dice): (readonly [string, string])[] {
  return Array.from({ length: dice.between(1, 3) }, () => {
    const { key, like, otherwise } = dice.pick(settings);
    const usual = like ?? (Array.isArray(otherwise) ? '' : String(otherwise));
    const odd = dice.chance(0.5) ? dice.pick(ODD_TEXTS) : mutateText(dice, usual);
    // An operating system hands over no zero bytes, and nothing but whole characters.
    const value = odd.replaceAll('\u0000', '').toWellFormed();
    if (dice.chance(0.5)) return [environmentName(key), value];
    return [
      '--set',
      dice.chance(0.1)
        ? mutateText(dice, key).replaceAll('\u0000', '').toWellFormed()
        : `${key}=${value}`,
    ];
  });
}
