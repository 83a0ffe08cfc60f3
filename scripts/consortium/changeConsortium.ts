import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { authorityThreshold } from '../../src/node/founding/authorityThreshold.ts';
import {
  choosePorts,
  medseal,
  readFounders,
  settingsOf,
  type Plan,
  type Ports,
} from './foundConsortium.ts';
import {
  changeFile,
  membersAfter,
  readChanges,
  writeChange,
  type TrialChange,
} from './trialChanges.ts';

/** Options of `changeConsortium`. */
export interface ChangeOptions {
  /** Folder of a trial network that runs. */
  readonly folder: string;
  readonly organisation: string;
  readonly kind: TrialChange['kind'];
  /** The engine's program. */
  readonly engine: string;
  readonly say: (text: string) => void;
}

/** A change that is in force, at the nodes and at the ledger. */
export interface ChangedConsortium {
  readonly organisation: string;
  readonly kind: TrialChange['kind'];
  /** Folder of its node. */
  readonly data: string;
  /** Number of the network file's successor, and the moment from which it holds. */
  readonly number: number;
  readonly from: number;
  /** Those who are in the network now. */
  readonly members: readonly string[];
  /** Addresses of those who are in the network now: for parties, of the ledger, for the operator. */
  readonly urls: Readonly<
    Record<string, Readonly<Record<'agents' | 'ledger' | 'operate', string>>>
  >;
}

/** An answer of `medseal network propose` and of `sign`. */
interface Signed {
  readonly number: number;
  readonly from: number;
  readonly missing: readonly unknown[];
}

/** An answer of `medseal network propose` and of `deal`, for a change that deals shares of the release key. */
interface Dealt {
  readonly release: string;
  readonly missing: readonly string[];
}

/** Longest time until a change shows at the nodes after its moment, milliseconds. */
const PATIENCE = 300_000;
/** Milliseconds between two questions at a node. */
const EVERY = 500;
const NAME = /^[a-z0-9-]{1,31}$/;

/**
 * Has an organisation join or leave a trial network, as its operators would: each signs with its own folder, the change
 * is published at each node, and one that joins takes the network's first file and its successors. It may be run again:
 * it goes on from there.
 *
 * @param options - The network and the organisation.
 * @throws Error if the network does not run, or the organisation is or is not in it; with what a command said that failed.
 */
export async function changeConsortium(options: ChangeOptions): Promise<ChangedConsortium> {
  const { organisation, kind, say } = options;
  const folder = resolve(options.folder);
  const founders = await readFounders(folder);
  const changes = await readChanges(folder);
  const plan = portsIn(founders, changes);
  const members = membersAfter(Object.keys(founders), changes, now());
  const last = changes.at(-1);
  const isSame = last?.organisation === organisation && last.kind === kind;
  requirePossible(options, members, last, isSame);
  let change: TrialChange = isSame ? last : { organisation, kind };
  const data = join(folder, organisation);
  const seats = seatsIn(members, organisation);
  if (kind === 'join' && change.ports === undefined) {
    const [ports] = await choosePorts(1);
    change = { ...change, ...(ports && { ports }) };
    await writeChange(folder, change);
  }
  const trial: Trial = { ...options, folder, data, plan, seats, members: members.length };
  if (change.from === undefined) {
    const { number, from } = await agree(trial, change.ports);
    change = { ...change, number, from };
    await writeChange(folder, change);
  }
  if (kind === 'join' && change.joined !== true) {
    await take(trial);
    change = { ...change, joined: true };
    await writeChange(folder, change);
  }
  const { number = 0, from = 0 } = change;
  const later = membersAfter(Object.keys(founders), [...changes, change], Infinity);
  say(`Waiting until ${new Date(1000 * from).toISOString()}, when it holds …`);
  const doors = portsIn(founders, [...changes, change]);
  const isThere = kind === 'join';
  await untilShown({ organisation, number, from, isThere, members: later, plan: doors });
  const urls = Object.fromEntries(
    later.map((name) => {
      const at = (door: keyof Ports): string => `http://127.0.0.1:${doors[name]?.[door]}`;
      return [name, { agents: at('parties'), ledger: at('rpc'), operate: at('operate') }] as const;
    }),
  );
  return { organisation, kind, data, number, from, members: later, urls };
}

/** A trial network, and the organisation that joins or leaves it. */
interface Trial extends ChangeOptions {
  readonly data: string;
  readonly plan: Plan;
  /** Number of organisations before the change. */
  readonly members: number;
  /** Those who sign, in this order. */
  readonly seats: readonly string[];
}

function requirePossible(
  { organisation, kind }: ChangeOptions,
  members: readonly string[],
  last: TrialChange | undefined,
  isSame: boolean,
): void {
  const isIn = members.includes(organisation);
  if (!NAME.test(organisation)) throw new Error(`${organisation} is not a name of an organisation`);
  const isOpen = last !== undefined && (last.from ?? Infinity) > now();
  if (isOpen && !isSame) {
    throw new Error(`${last.organisation} is about to ${last.kind}: run that to its end first`);
  }
  if (isSame) return;
  if (kind === 'join' && isIn) throw new Error(`${organisation} is in the network already`);
  if (kind === 'leave' && !isIn) throw new Error(`${organisation} is not in the network`);
  if (kind === 'leave' && members.length === 1) throw new Error(`${organisation} is the last one`);
}

/** The one that leaves signs last, and only if its signature is needed. */
function seatsIn(members: readonly string[], organisation: string): readonly string[] {
  const others = members.filter((name) => name !== organisation);
  return members.length === others.length ? others : [...others, organisation];
}

/** Has the members sign the change, and publishes it at each of their nodes. */
async function agree(trial: Trial, ports: Ports | undefined): Promise<Signed> {
  const { folder, organisation, kind, seats, members, say } = trial;
  const file = changeFile(folder, `${kind}-${organisation}.json`);
  const identity = kind === 'join' && ports ? await identify(trial, ports) : undefined;
  const { delay } = await delayOf(trial);
  // The time of one command tells how long the round will take.
  const began = Date.now();
  await medseal('key', 'list', '--home', join(folder, 'nobody'));
  const { isGuarded } = await networkAt(trial, seats[0] ?? '');
  const commands = (isGuarded ? 4 : 1) * seats.length + 3;
  let margin = Math.ceil(2 * commands * ((Date.now() - began) / 1000)) + 10;
  for (let attempt = 1; ; attempt++) {
    await rm(file, { force: true });
    const [first = '', ...others] = seats;
    say(`${first} proposes the change, and signs it …`);
    const wish = identity === undefined ? ['--leave', organisation] : ['--identity', identity];
    const quorums = quorumsOf(members + (kind === 'join' ? 1 : -1));
    const where = (name: string): readonly string[] => ['--data', join(folder, name)];
    const after = ['--after', `${delay + margin}s`];
    const proposing = ['network', 'propose', file, ...where(first), ...wish, ...quorums, ...after];
    const proposed = (await medseal(...proposing, '--instead', '--yes')) as Signed | Dealt;
    const isDealt = 'release' in proposed;
    if (isDealt) await deal(trial, file);
    const files = isDealt && kind === 'join' ? await givenFiles(trial) : [];
    const newcomers = isDealt && kind === 'join' ? [organisation] : [];
    let signed = isDealt ? undefined : proposed;
    for (const name of [...(isDealt ? [first] : []), ...others, ...newcomers]) {
      if (signed?.missing.length === 0) break;
      say(`${name} signs it …`);
      const own = name === organisation ? files : [];
      const round = ['network', 'sign', file, ...where(name), ...own, '--instead', '--yes'];
      signed = (await medseal(...round)) as Signed;
    }
    if (signed === undefined) throw new Error(`${file} has no signature`);
    say('Each publishes it at its node …');
    try {
      // The first one begins the changes at the ledger.
      await medseal('network', 'publish', file, ...where(first));
    } catch (error) {
      if (attempt === 3 || !String(error).includes('must not be in force before')) throw error;
      say('The signatures took too long; once more, with more time …');
      margin *= 3;
      continue;
    }
    await Promise.all(
      others.map(async (name) => await medseal('network', 'publish', file, ...where(name))),
    );
    return signed;
  }
}

/** Has the members after a change deal the shares of the release key again; the one that leaves deals if it takes that. */
async function deal(trial: Trial, file: string): Promise<void> {
  const { folder, organisation, kind, seats, say } = trial;
  const files = kind === 'join' ? await givenFiles(trial) : [];
  const stay = [
    ...seats.filter((name) => name !== organisation),
    ...(kind === 'join' ? [organisation] : []),
  ];
  // First all give a recipient, then as many deal as it takes.
  for (const name of [...stay, ...stay, ...(kind === 'leave' ? [organisation] : [])]) {
    say(`${name} takes part in dealing the shares …`);
    const own = name === organisation ? files : [];
    const dealing = ['network', 'deal', file, '--data', join(folder, name), ...own, '--yes'];
    const { missing } = (await medseal(...dealing)) as Dealt;
    if (missing.length === 0) return;
  }
}

/** The smallest quorums of as many organisations, of which under a third may be faulty. */
function quorumsOf(count: number): readonly string[] {
  const faulty = Math.floor((count - 1) / 3);
  const least = Math.floor((count + faulty) / 2) + 1;
  const numbers = {
    faulty,
    writes: least,
    views: least,
    authority: authorityThreshold(count, faulty),
  };
  return Object.entries(numbers).flatMap(([name, number]) => [`--${name}`, String(number)]);
}

/** Makes the node of the organisation that joins, and its identity file. */
async function identify(trial: Trial, ports: Ports): Promise<string> {
  const { folder, data, organisation, engine, seats, say } = trial;
  say(`Making the node of ${organisation} in ${data} …`);
  // A folder of its own: the network's files are not there yet.
  const exchange = changeFile(folder, organisation);
  await mkdir(exchange, { recursive: true, mode: 0o700 });
  const { nodes } = await networkAt(trial, seats[0] ?? '');
  const scheme = nodes.some(({ tls }) => tls !== undefined) ? 'https' : 'http';
  const own = ['--organisation', organisation, '--url', `${scheme}://127.0.0.1:${ports.peers}`];
  const validator = ['--validator', `127.0.0.1:${ports.validator}`, '--engine', engine];
  const where = ['--data', data, '--exchange', exchange];
  // A folder that is there has the network already, and says who is in it by itself.
  if (existsSync(join(data, 'network.json'))) await medseal('network', 'identity', ...where);
  else await medseal('init', ...own, ...validator, '--plain-keys', ...where);
  await writeFile(join(data, 'medseal.json'), settingsOf('127.0.0.1', ports));
  return join(exchange, `${organisation}.identity.json`);
}

/** Gives the organisation that joins the network's first file and all successors. */
async function take(trial: Trial): Promise<void> {
  const { organisation, data, say } = trial;
  say(`${organisation} takes the network’s first file and its successors …`);
  await medseal('network', 'join', '--data', data, ...(await givenFiles(trial)));
}

/** Options that name the network's first file and all successors, for a folder that has none of them. */
async function givenFiles({ folder, plan, seats }: Trial): Promise<readonly string[]> {
  const [first = ''] = seats;
  const network = changeFile(folder, 'network.json');
  await copyFile(join(folder, first, 'network.json'), network);
  const successors = changeFile(folder, 'successors.json');
  const door = `http://127.0.0.1:${plan[first]?.parties}/${first}`;
  const answer = await fetch(`${door}/v1/successors`);
  await writeFile(successors, await answer.text());
  return ['--network', network, '--successors', successors];
}

/** The network file that a node runs by. */
async function networkAt(
  { plan }: Pick<Trial, 'plan'>,
  name: string,
): Promise<{
  readonly nodes: readonly { readonly tls?: string }[];
  readonly delay: number;
  readonly isGuarded: boolean;
}> {
  const url = `http://127.0.0.1:${plan[name]?.parties}/${name}/v1/network`;
  const answer = await fetch(url).catch(() => {
    throw new Error(
      'The network does not run: start it with npm run consortium in another terminal',
    );
  });
  const { founders, nodes, changes, channels } = (await answer.json()) as {
    readonly channels: readonly { readonly release?: unknown }[];
    readonly founders: readonly { readonly tls?: string }[];
    readonly nodes?: readonly { readonly tls?: string }[];
    readonly changes?: { readonly delay: number };
  };
  const isGuarded = channels.some(({ release }) => release !== undefined);
  return { nodes: nodes ?? founders, delay: changes?.delay ?? 3 * 24 * 3600, isGuarded };
}

async function delayOf(trial: Trial): Promise<{ readonly delay: number }> {
  const { delay } = await networkAt(trial, trial.seats[0] ?? '');
  if (delay > 3600) {
    trial.say(`The network announces changes ${delay} s before they hold: this will take as long.`);
  }
  return { delay };
}

/** Waits until all nodes run by the new file, and the ledger has the validator’s power as it says. */
async function untilShown({
  organisation,
  number,
  from,
  isThere,
  members,
  plan,
}: {
  readonly organisation: string;
  readonly number: number;
  readonly from: number;
  readonly isThere: boolean;
  readonly members: readonly string[];
  readonly plan: Plan;
}): Promise<void> {
  await pause(Math.max(0, 1000 * from - Date.now()));
  const end = Date.now() + PATIENCE;
  const shows = async (name: string): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${plan[name]?.operate}/readyz`).catch(
      () => undefined,
    );
    if (answer?.status !== 200) return false;
    const { succession, validator } = (await answer.json()) as {
      readonly succession?: { readonly number: number };
      readonly validator?: {
        readonly validators?: readonly { readonly organisation: string; readonly power: number }[];
      };
    };
    const found = validator?.validators?.find((each) => each.organisation === organisation);
    // The ledger can have the change before a node goes by the file.
    if ((succession?.number ?? 0) < number || validator?.validators === undefined) return false;
    return (found?.power ?? 0) > 0 === isThere;
  };
  for (;;) {
    const shown = await Promise.all(members.map(shows));
    if (shown.every(Boolean)) return;
    if (Date.now() > end) {
      const late = members.filter((_, place) => shown[place] !== true);
      throw new Error(
        `It does not show at ${late.join(', ')} yet: the logs lie beside the folders`,
      );
    }
    await pause(EVERY);
  }
}

function portsIn(founders: Plan, changes: readonly TrialChange[]): Plan {
  const joined = changes.flatMap(({ organisation, ports }) =>
    ports === undefined ? [] : [[organisation, ports] as const],
  );
  return { ...founders, ...Object.fromEntries(joined) };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, milliseconds));
}
