import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveSnapshots } from '../../../src/backup/serveSnapshots.ts';
import { SNAPSHOT_SOCKET as BACKUP } from '../../../src/backup/snapshotProtocol.ts';
import { WriteGate } from '../../../src/database/WriteGate.ts';
import { lockFolder } from '../../../src/folder/lockFolder.ts';
import { lockKey } from '../../../src/device/lockedKeys.ts';
import { listenInFolder } from '../../../src/folder/listenInFolder.ts';
import { systemClock } from '../../../src/folder/systemClock.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { HOLDER_SOCKET as UNLOCKED } from '../../../src/device/holderProtocol.ts';
import { holdSeed } from '../../../src/device/holdSeed.ts';
import { openFolder } from '../../../src/folder/openFolder.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { typeMedseal } from '../typeMedseal.ts';

const QUESTIONS = [
  'seed\n',
  'until\n',
  'extend 60000\n',
  'extend 99999999999\n',
  'seed',
  '\n',
  'x'.repeat(100_000),
];
/** Bytes that a holder answers with: a time, and a seed. */
const ANSWERS = [
  Buffer.alloc(8),
  Buffer.alloc(40, 1),
  Buffer.alloc(8, 0xff),
  Buffer.alloc(2 ** 22),
];
const SNAPSHOTS = [
  '{"at":1,"paused":2}\n',
  '{"failed":"no"}\n',
  '{"failed":{"toString":1}}\n',
  'null\n',
  '5\n',
  '{\n',
  '{"at":"x"}\n',
  '{"failed":"\u001b[2J"}',
  '"'.repeat(2 ** 24),
  '',
];

/** The Unix sockets of an unlocked key and of a running node, from both of their ends. */
export const openSocketsTarget: OpenTarget = async ({ network, doctor }) => {
  // A socket has no long path.
  const folder = await mkdtemp(join(tmpdir(), 'medseal-fuzz-'));
  const [home, data, held] = ['home', 'data', 'held'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const party = join(home, 'parties/house');
  for (const each of [party, data, held]) await mkdir(each, { recursive: true, mode: 0o700 });
  await writeFile(join(home, 'network.json'), JSON.stringify(network.file));
  const owner = { name: 'house', role: 'doctor', organisation: 'hospital' } as const;
  const key = await lockKey(
    network.ports.primitives,
    owner,
    doctor.keys.seed(),
    'seven quiet herons wade',
    {
      workFactor: 1,
    },
  );
  await writeFile(join(party, 'key.json'), JSON.stringify(key));
  await writeFile(join(data, 'folder.json'), '{}');
  const unlock = await lockFolder(await openFolder(data));
  const seed = new Uint8Array(32).fill(7);
  const clock = systemClock;
  const holder = await holdSeed({
    folder: held,
    seed,
    milliseconds: 3_600_000,
    clock,
    ended: () => undefined,
  });
  const node = join(folder, 'node');
  await mkdir(node, { mode: 0o700 });
  const endSnapshots = await serveSnapshots({
    data: node,
    gate: new WriteGate(),
    clock,
    sign: async () => await Promise.resolve([]),
  });
  return {
    async enter(dice, note) {
      const [side, run] = dice.pick(SIDES);
      const bytes = Buffer.from(side(dice));
      note(bytes);
      await run(dice, bytes, { folder, home, data, held, node });
    },
    async close() {
      holder.end();
      await endSnapshots();
      await unlock();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

interface Places {
  readonly home: string;
  readonly data: string;
  readonly held: string;
  readonly node: string;
}
type Side = readonly [
  (dice: Dice) => Uint8Array | string,
  (dice: Dice, bytes: Buffer, at: Places & { folder: string }) => Promise<void>,
];

const SIDES: readonly Side[] = [
  [(dice) => odd(dice, QUESTIONS), askHeld],
  [
    (dice) => odd(dice, ANSWERS),
    async (dice, bytes, { home }) => {
      const verb = dice.pick([
        ['key', 'list'],
        ['key', 'show'],
        ['key', 'lock'],
        ['party', 'show', '--url', 'http://127.0.0.1:1'],
      ]);
      await answering(
        join(home, 'parties/house'),
        UNLOCKED,
        bytes,
        async () => void (await typeMedseal([...verb, '--home', home])),
      );
    },
  ],
  [(dice) => odd(dice, QUESTIONS), askSnapshotOf],
  [
    (dice) => odd(dice, SNAPSHOTS),
    async (_, bytes, { data, folder }) => {
      const to = join(folder, 'backup');
      await answering(
        data,
        BACKUP,
        bytes,
        async () => void (await typeMedseal(['backup', '--data', data, '--to', to])),
      );
      await rm(to, { recursive: true, force: true });
    },
  ],
];

function odd(dice: Dice, usual: readonly (string | Buffer)[]): Uint8Array {
  const bytes = Buffer.from(dice.pick(usual));
  return dice.chance(0.5) ? bytes : mutateBytes(dice, bytes);
}

/** Gives the seed only to a well-formed request for it, and serves others afterwards. */
async function askHeld(dice: Dice, bytes: Buffer, { held }: Places): Promise<void> {
  // Lines by which its owner ends it, or lets it end at once, are not sent.
  if (/^(?:lock|extend \d{1,5}|extend 0*)\n$/.test(bytes.toString('latin1'))) return;
  const got = await exchanged(join(held, UNLOCKED), bytes, dice.chance(0.2));
  if (got.length > 8 && !bytes.equals(Buffer.from('seed\n')))
    throw new TargetFault('it gave the seed');
  const next = await exchanged(join(held, UNLOCKED), Buffer.from('seed\n'), false);
  if (next.length !== 40) throw new TargetFault(`the next one got ${next.length} bytes`);
}

async function askSnapshotOf(dice: Dice, bytes: Buffer, { node }: Places): Promise<void> {
  await exchanged(join(node, BACKUP), bytes, dice.chance(0.3));
  const next = (await exchanged(join(node, BACKUP), Buffer.alloc(0), false)).toString();
  // Whoever left at once may still be there for the node.
  if (!/^\{"(?:at":\d+,"paused":\d+|failed":"another backup is being made")\}\n$/.test(next))
    throw new TargetFault(next);
}

/** Sends bytes and ends, or leaves at once; what came back. */
async function exchanged(path: string, bytes: Buffer, leaves: boolean): Promise<Buffer> {
  const socket = connect(path);
  const parts: Buffer[] = [];
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  socket.on('error', () => undefined);
  socket.on('data', (part) => parts.push(part));
  await once(socket, 'connect');
  socket.write(bytes);
  if (leaves) socket.destroy();
  else socket.end();
  await closed;
  return Buffer.concat(parts);
}

/** Has something that answers every connection alike listen in a folder while something is done. */
async function answering(
  folder: string,
  name: string,
  bytes: Buffer,
  run: () => Promise<void>,
): Promise<void> {
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    connection.resume().end(bytes);
  });
  const place = await listenInFolder(server, folder, name);
  try {
    await run();
  } finally {
    await place.close();
  }
}
