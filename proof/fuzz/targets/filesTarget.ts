import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactCardOf } from '../../../src/client/party/confirmContact.ts';
import { confirmFacts } from '../../../src/client/audit/confirmFacts.ts';
import { formatContactCard } from '../../../src/client/party/ContactCard.ts';
import { lockKey } from '../../../src/device/lockedKeys.ts';
import { formatEvidenceFile } from '../../../src/protocol/evidence/parseEvidenceFile.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { contentOf } from '../foldersAlike.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson } from '../mutateJson.ts';
import { typeMedseal } from '../typeMedseal.ts';

/** A file that a verb is given, with a valid example of it. */
interface Given {
  readonly example: string;
  /** Path of the file within the device; undefined if it lies elsewhere. */
  readonly path?: string;
  /** The command line for it. */
  readonly args: (file: string, device: string) => readonly string[];
}

/**
 * Files that the command line is given: cards, contacts, network files, evidence, keys, phrases, settings. A device
 * holds afterwards what it held before, or what the verb was to do is done.
 */
export const openFilesTarget: OpenTarget = async (life) => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const { network, doctor, receipt, acknowledgement, history } = life;
  const { party: facts } = await confirmFacts(doctor, { party: doctor.address });
  if (facts === undefined) throw new Error('the doctor is not enrolled');
  const card = contactCardOf(network.file, facts);
  const word = formatContactCard(card);
  const cheap = { workFactor: 1 };
  const { primitives } = network.ports;
  const owner = { name: 'house', role: 'doctor', organisation: 'hospital' } as const;
  const key = await lockKey(
    primitives,
    owner,
    doctor.keys.seed(),
    'seven quiet herons wade',
    cheap,
  );
  const good = join(folder, 'good');
  await mkdir(good);
  const texts = {
    'network.json': JSON.stringify(network.file),
    'receipt.json': formatEvidenceFile(receipt),
    'acknowledgement.json': formatEvidenceFile(acknowledgement),
    'history.json': formatEvidenceFile(history),
    'card.json': JSON.stringify(card),
    'contacts.json': JSON.stringify({ format: 'medseal-contacts/1', contacts: { house: card } }),
    'home.json': JSON.stringify({ format: 'medseal-home/1', url: 'ftp://127.0.0.1' }),
    'key.json': JSON.stringify(key),
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(good, name), text);
  const pinned = join(good, 'network.json');
  const verify = (file: string): string[] => ['verify', file, '--network', pinned];
  const given: readonly Given[] = [
    { example: texts['card.json'], args: add },
    { example: word, args: add },
    {
      example: texts['contacts.json'],
      path: 'contacts.json',
      args: (_, d) => ['contact', 'list', ...at(d)],
    },
    {
      example: texts['contacts.json'],
      path: 'contacts.json',
      args: (_, d) => ['contact', 'remove', 'house', ...at(d)],
    },
    {
      example: texts['contacts.json'],
      path: 'contacts.json',
      args: (_, d) => add(join(good, 'card.json'), d),
    },
    {
      example: texts['network.json'],
      path: 'network.json',
      args: (_, d) => add(join(good, 'card.json'), d),
    },
    {
      example: texts['network.json'],
      args: (file) => ['verify', join(good, 'receipt.json'), '--network', file],
    },
    { example: texts['network.json'], args: verify },
    { example: texts['receipt.json'], args: verify },
    { example: texts['acknowledgement.json'], args: verify },
    { example: texts['history.json'], args: verify },
    {
      example: texts['key.json'],
      args: (file, d) => ['key', 'import', file, '--name', 'other', ...at(d)],
    },
    { example: texts['key.json'], args: (file, d) => ['key', 'import', file, ...at(d)] },
    {
      example: texts['key.json'],
      path: 'parties/house/key.json',
      args: (_, d) => ['key', 'list', ...at(d)],
    },
    {
      example: texts['key.json'],
      path: 'parties/house/key.json',
      args: (_, d) => ['key', 'show', ...at(d)],
    },
    {
      example: 'a passphrase\n',
      args: (file, d) => ['party', 'show', '--passphrase-file', file, ...at(d)],
    },
    {
      example: 'abandon ability able',
      args: (file, d) => ['key', 'restore', 'n', '--phrase-file', file, ...at(d)],
    },
    {
      example: '{"format":"medseal-home/1","url":"ftp://x","urls":{"hospital":"ftp://y"}}',
      path: 'home.json',
      args: (_, d) => ['party', 'show', ...at(d)],
    },
  ];
  let devices = 0;
  return {
    async enter(dice, note) {
      const device = join(folder, `device ${++devices}`);
      await mkdir(join(device, 'parties/house'), { recursive: true });
      for (const name of ['network.json', 'contacts.json'] as const) {
        await writeFile(join(device, name), texts[name]);
      }
      await writeFile(join(device, 'parties/house/key.json'), texts['key.json']);
      const { example, path, args } = dice.pick(given);
      const file = path === undefined ? join(folder, 'given') : join(device, path);
      const content = altered(dice, example);
      note(Buffer.concat([Buffer.from(`${args('FILE', 'HOME').join(' ')}\n`), content]));
      await writeFile(file, content);
      const before = await contentOf(device);
      const json = dice.chance(0.2) ? ['--json'] : [];
      const { code } = await typeMedseal([...args(file, device), ...json]);
      const after = await contentOf(device);
      await rm(device, { recursive: true });
      if (code !== 0 && before !== after) throw new TargetFault(`half-written: ${after}`);
    },
    async close() {
      await rm(folder, { recursive: true, force: true });
    },
  };
};

function altered(dice: Dice, example: string): Buffer {
  if (!example.startsWith('{') || dice.chance(0.15)) return mutateBytes(dice, Buffer.from(example));
  return Buffer.from(mutateJson(dice, JSON.parse(example)));
}

function at(device: string): string[] {
  return ['--home', device];
}

function add(file: string, device: string): string[] {
  return ['contact', 'add', 'x', file, ...at(device)];
}
