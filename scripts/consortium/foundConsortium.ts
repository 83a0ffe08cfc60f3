import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FEWEST_CODES } from '../../src/bindings/contractCreations.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { foundFromFiles } from '../../src/node/founding/ceremony.ts';
import { openNodeFolder } from '../../src/node/NodeFolder.ts';
import { openEngine, type Engine } from '../../src/node/validator/openEngine.ts';
import type { FurtherContract } from '../../src/protocol/network/furtherContracts.ts';
import { freePorts } from '../freePorts.ts';

/** An organisation of a network on this machine. */
export interface TrialOrganisation {
  readonly organisation: string;
  /** Folder of its node. */
  readonly data: string;
}

/** Options of `foundConsortium`. */
export interface TrialOptions {
  readonly folder: string;
  /** Number of organisations. */
  readonly count: number;
  /** The engine's program. */
  readonly engine: string;
  readonly say: (text: string) => void;
  /** Address of an organisation's machine, by its place; loopback if absent. */
  readonly hostOf?: ((place: number) => string) | undefined;
  /** Seconds for which changes of the network are announced before they hold; three days if absent. */
  readonly delay?: number | undefined;
  /** Seconds after which nobody reads by a right if the ledger makes no block; three minutes if absent. */
  readonly maxLedgerAge?: number | undefined;
  /** True if the nodes speak TLS with each other. */
  readonly tls?: boolean | undefined;
  /** True if its records open without a release. */
  readonly unguarded?: boolean | undefined;
  /** True if it is a demonstration, whose people's keys are public. */
  readonly demo?: boolean | undefined;
  /**
   * Care contracts that it is founded with, the first of all, as a version would that had no others; all if absent. Its records then open
   * without a release.
   */
  readonly further?: readonly FurtherContract[] | undefined;
}

const NAMES = ['hospital', 'laboratory', 'insurer', 'pharmacy'];
const DOORS = ['parties', 'peers', 'operate', 'validator', 'rpc', 'blocks', 'metrics'] as const;
/** The ports of an organisation. */
export type Ports = Readonly<Record<(typeof DOORS)[number], number>>;
/** The founders, and their ports. */
export type Plan = Readonly<Record<string, Ports>>;
const run = promisify(execFile);

/** The `medseal` command of this clone. */
export const MEDSEAL = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/**
 * Founds a network by files as organisations on different machines would, with `medseal init`. It may be run again: it
 * goes on from there.
 *
 * @param options - The folder, and the number of organisations.
 * @returns The organisations, the founder first.
 * @throws Error if the folder holds a network of another number of organisations.
 */
export async function foundConsortium(
  options: TrialOptions,
): Promise<readonly TrialOrganisation[]> {
  const { count, engine, say, delay, maxLedgerAge, tls = false, unguarded = false } = options;
  const { further } = options;
  const demo = options.demo === true ? ['--demo'] : [];
  const { hostOf = () => '127.0.0.1' } = options;
  const folder = resolve(options.folder);
  const exchange = join(folder, 'exchange');
  const plan = await readPlan(folder, count);
  const all = Object.entries(plan).map(([organisation, ports], place) => {
    const host = hostOf(place);
    const data = join(folder, organisation);
    const where = ['--data', data, '--exchange', exchange, '--engine', engine, ...demo];
    return { organisation, data, host, ports, where };
  });
  const organisations = all.map(({ organisation, data }) => ({ organisation, data }));
  if (all.every(({ data }) => existsSync(join(data, 'network.json')))) return organisations;
  say(`Founding a network of ${count} organisations in ${folder} …`);
  const isBegun = ['terms.json', 'network.json'].some((name) => existsSync(join(exchange, name)));
  if (!isBegun) {
    const identified = all.map(async ({ organisation, host, ports, where }) => {
      const url = `${tls ? 'https' : 'http'}://${host}:${ports.peers}`;
      const validator = `${host}:${ports.validator}`;
      const own = ['--organisation', organisation, '--url', url, '--validator', validator];
      await medseal('init', ...own, '--plain-keys', ...where);
    });
    await Promise.all(identified);
  }
  // One of four may lie or be away, two of seven, and so on.
  const faulty = Math.floor((count - 1) / 3);
  const terms = [
    '--faulty',
    String(faulty),
    ...(delay ? ['--delay', `${delay}s`] : []),
    ...(maxLedgerAge ? ['--max-ledger-age', `${maxLedgerAge}s`] : []),
    ...(unguarded ? ['--unguarded'] : []),
  ];
  await founderFirst(all, async ({ data, host, ports, where }, isFounder) => {
    if (isFounder && further !== undefined) {
      await foundEarlier(data, exchange, { engine, faulty, delay, maxLedgerAge, further });
    } else await medseal('init', ...(isFounder ? ['--found', ...terms] : []), ...where, '--yes');
    await writeFile(join(data, 'medseal.json'), settingsOf(host, ports));
  });
  // The founder joins the deals; its node would do so at its start.
  await founderFirst(all, async ({ where }) => await medseal('init', ...where, '--yes'));
  return organisations;
}

/** Founds a network as a version that had fewer contracts did: it knew no codes of later ones either. */
async function foundEarlier(
  data: string,
  exchange: string,
  {
    engine,
    delay,
    further,
    ...terms
  }: Pick<TrialOptions, 'engine' | 'delay' | 'maxLedgerAge'> & {
    readonly faulty: number;
    readonly further: readonly FurtherContract[];
  },
): Promise<void> {
  const ports = await machinePorts();
  const folder = await openNodeFolder(data, { ports });
  try {
    const program = openEngine(engine);
    const earlier: Engine = {
      ...program,
      async found(home, { codes, ...rest }) {
        const known = codes.slice(0, FEWEST_CODES + further.length);
        return await program.found(home, { ...rest, codes: known });
      },
    };
    const given = { ...terms, ...(delay && { delay }), further, engine: earlier };
    await foundFromFiles(folder, exchange, ports, { ...given, unguarded: true });
  } finally {
    await folder.close();
  }
}

/** Does something for the founder, and then for all others at once. */
async function founderFirst<Each>(
  all: readonly Each[],
  run: (each: Each, isFounder: boolean) => Promise<unknown>,
): Promise<void> {
  const [founder, ...others] = all;
  if (founder !== undefined) await run(founder, true);
  await Promise.all(others.map(async (each) => await run(each, false)));
}

/**
 * Runs the `medseal` command.
 *
 * @param args - Its arguments.
 * @returns The document that it prints with `--json`.
 * @throws Error with what it said, if it fails.
 */
export async function medseal(...args: readonly string[]): Promise<unknown> {
  const done = run(process.execPath, [MEDSEAL, ...args, '--json']);
  const { stdout } = await done.catch((error: unknown) => {
    const said = error as { stdout?: string; stderr?: string };
    const text = `${said.stdout ?? ''}${said.stderr ?? ''}`;
    throw new Error(`medseal ${args.join(' ')} failed:\n${text}`, { cause: error });
  });
  return JSON.parse(stdout);
}

/**
 * Returns the configuration of an organisation's node.
 *
 * @param host - Address of its machine.
 * @param ports - Its ports.
 */
export function settingsOf(
  host: string,
  { parties, peers, operate, validator, rpc, blocks, metrics }: Ports,
): string {
  const settings = {
    $schema: './medseal.schema.json',
    listen: { host, port: parties, names: [host] },
    peers: { host, port: peers },
    operate: { host, port: operate, names: [host] },
    validator: {
      host,
      port: validator,
      rpcPort: rpc,
      blocksPort: blocks,
      metricsPort: metrics,
      // Those that join begin with a snapshot.
      snapshotEvery: 20,
    },
    authority: { accepts: 'everyone' },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/**
 * Reads the founders of a network in a folder.
 *
 * @param folder - The folder.
 * @throws Error if the folder holds no network.
 */
export async function readFounders(folder: string): Promise<Plan> {
  const path = join(folder, 'consortium.json');
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as Plan;
  throw new Error(
    `${folder} holds no network: found one with npm run consortium -- --data ${folder}`,
  );
}

/**
 * Chooses free ports for organisations.
 *
 * @param count - Number of organisations.
 */
export async function choosePorts(count: number): Promise<readonly Ports[]> {
  const free = await freePorts(count * DOORS.length);
  return Array.from({ length: count }, (_, place) => {
    const doors = DOORS.map((door, at) => [door, free[place * DOORS.length + at]] as const);
    return Object.fromEntries(doors) as unknown as Ports;
  });
}

/** The organisations and their ports, which are chosen once: addresses are part of the network file. */
async function readPlan(folder: string, count: number): Promise<Plan> {
  const path = join(folder, 'consortium.json');
  if (existsSync(path)) {
    const plan = JSON.parse(await readFile(path, 'utf8')) as Plan;
    const found = Object.keys(plan).length;
    if (found === count) return plan;
    throw new Error(`${folder} holds a network of ${found} organisations: say --orgs ${found}`);
  }
  const plan: Plan = Object.fromEntries(
    (await choosePorts(count)).map((ports, place) => {
      return [NAMES[place] ?? `organisation-${place + 1}`, ports] as const;
    }),
  );
  await mkdir(join(folder, 'exchange'), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, `${JSON.stringify(plan, null, 2)}\n`);
  await rename(`${path}.new`, path);
  return plan;
}
