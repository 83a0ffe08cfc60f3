import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findEngine } from '../../../scripts/findEngine.ts';
import { freePorts } from '../../../scripts/freePorts.ts';
import { systemRandom } from '../../folder/systemRandom.ts';
import { channelCodes } from '../../bindings/contractCreations.ts';
import { validatorsBytecode } from '../../bindings/generated/validatorsBytecode.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { codesOf, type EngineTerms } from '../../node/validator/engineTermsOf.ts';
import { openEngine } from '../../node/validator/openEngine.ts';
import {
  handedOver,
  openValidatorKeys,
  validatorKeysOf,
  type FolderValidatorKeys,
  type ValidatorKeys,
} from '../../node/validator/validatorKeys.ts';
import type { RemoteSigner } from '../../node/validator/RemoteSigner.ts';
import type { SignerState } from '../../protocol/operator/ValidatorKeyPlace.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { probe } from './probe.ts';
import { shouter } from './shouter.ts';

const { path: ENGINE, built } = findEngine();
const program = openEngine(ENGINE);

/** Why the consortium's engine cannot be run here; undefined if it can. */
export const engineMissing: string | undefined = built
  ? undefined
  : 'the consortium’s engine was not built: npm run build engine';

/** Terms of a network of validators under test. */
export interface TestTerms {
  readonly validators: number;
  readonly senders: readonly Address[];
  readonly chainId?: number;
  readonly registry?: Address;
  readonly stakeContract?: Address;
  readonly creations?: readonly Bytes32[];
  /** Milliseconds for which a block waits for more; 100 if absent. */
  readonly blockTime?: number;
  /** Milliseconds for which a block waits for its first transaction; as long as for more ones if absent. */
  readonly idleBlockTime?: number;
  /** Blocks after which a snapshot is made; none if absent. */
  readonly snapshotEvery?: number;
  /** The remote signer that has the key of the first validator, and what is called with the chain before that starts. */
  readonly signer?: RemoteSigner & { readonly begin?: (chain: string) => void };
}

/** A validator under test. */
export interface TestEngine {
  readonly home: string;
  /** JSON-RPC. */
  readonly url: string;
  /** CometBFT's RPC: blocks, commits, proofs. */
  readonly blocks: string;
  /** Its Ed25519 public key. */
  readonly key: Bytes32;
  readonly pid: number;
  /** Starts it again after its end; resolves once it listens. */
  start(...options: readonly string[]): Promise<void>;
  /** Ends it by a signal and waits for its end; the exit code, null after `SIGKILL`. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Waits for its end; the exit code. */
  ended(): Promise<number | null>;
  /** The state that it told last, as it told it. */
  presence(): unknown;
  /** Resolves once the present process says that its remote signer is in a state. */
  untilSigner(state: SignerState): Promise<void>;
  /** Everything that it wrote into its log so far. */
  log(): string;
}

/** A network of validators under test. */
export interface Engines {
  /** The founders' validators. */
  readonly engines: readonly TestEngine[];
  /** Name of the chain. */
  readonly chain: string;
  /** When it begins, Unix seconds. */
  readonly time: number;
  /**
   * Starts another node, which follows the founders' (at most three); resolves once it has a block.
   *
   * @param original - The node whose folder it gets a copy of; absent for one with a key of its own.
   */
  add(original?: TestEngine, ...options: readonly string[]): Promise<TestEngine>;
  /** Starts a node that no validator names as its peer, and waits for nothing. */
  stranger(): Promise<TestEngine>;
  /** Starts another node, which begins with a snapshot that it verifies from a block on, and waits for nothing. */
  late(height: number, hash: string): Promise<TestEngine>;
  close(): Promise<void>;
}

/** Founds a network of validators on loopback and starts them. */
export async function startEngines(terms: TestTerms): Promise<Engines> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-engine-'));
  const homes = Array.from({ length: terms.validators }, (_, index) => join(folder, `v${index}`));
  const { signer } = terms;
  const identities = await Promise.all(
    homes.map(async (home, index): Promise<ValidatorKeys> => {
      const own = await keysIn(home);
      if (index > 0 || signer === undefined) return own;
      const { node, seeds } = own;
      return { key: signer.key, node, seeds: { node: seeds.node }, signer };
    }),
  );
  const given = ['added0', 'added1', 'added2'].map((name) => join(folder, name));
  const spares = [...given];
  const guests = await Promise.all(spares.map(keysIn));
  const stakes = identities.map(({ key }, index) => ({
    organisation: `organisation-${index}`,
    key,
    stake: 10,
  }));
  const time = Math.floor(Date.now() / 1000) - 1;
  const none: Address = `0x${'0'.repeat(40)}`;
  const founded: EngineTerms = {
    networkId: `0x${'5a'.repeat(32)}`,
    chainId: terms.chainId ?? 4242,
    time,
    registry: terms.registry ?? none,
    validators: terms.stakeContract ?? none,
    senders: terms.senders,
    creations: terms.creations ?? [],
    codes: codesOf([...channelCodes, validatorsBytecode, probe.creation, shouter], primitives),
    stakes,
  };
  const [chain = ''] = await Promise.all(
    homes.map(async (home) => await program.found(home, founded)),
  );
  const ports = await freePorts(3 * homes.length);
  const port = (index: number, offset: number): number => ports[3 * index + offset] ?? 0;
  const peerAt = (index: number): string =>
    `${identities[index]?.node}@127.0.0.1:${port(index, 0)}`;
  const open = async (
    home: string,
    keys: ValidatorKeys,
    places: readonly number[],
    peers: readonly string[],
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<TestEngine> => {
    const [listen, rpc, blocks] = places.map((place) => `127.0.0.1:${place}`) as [
      string,
      string,
      string,
    ];
    const { blockTime = 100, idleBlockTime = blockTime, snapshotEvery = 0 } = terms;
    const every = { blockTime, idleBlockTime, snapshotEvery };
    const settings = { listen, rpc, blocks, peers, ...every, ...more };
    await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
    return folderEngine(home, `http://${rpc}`, `http://${blocks}`, keys);
  };
  signer?.begin?.(chain);
  const engines = await Promise.all(
    homes.map(async (home, index) => {
      const peers = homes.flatMap((_, other) => (other === index ? [] : [peerAt(other)]));
      const places = [0, 1, 2].map((offset) => port(index, offset));
      const keys = identities[index] ?? assert.fail();
      const named = [...peers, ...guests.map(({ node }) => node)];
      const remote = keys.signer && {
        privValidatorLaddr: keys.signer.address,
        signerKey: keys.signer.key,
      };
      const engine = await open(home, keys, places, named, remote);
      await engine.start();
      return engine;
    }),
  );
  const follow = async (
    home: string,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<TestEngine> => {
    const own = guests[given.indexOf(home)];
    const { seeds } = await keysIn(home);
    // A copy is another one among its peers: two nodes of one identity cannot both be connected.
    const keys = validatorKeysOf({ ...seeds, ...(own && { node: own.seeds.node }) }, primitives);
    await program.found(home, founded);
    const peers = homes.map((_, index) => peerAt(index));
    const engine = await open(home, keys, await freePorts(3), peers, more);
    added.push(engine);
    return engine;
  };
  const added: TestEngine[] = [];
  return {
    engines,
    chain,
    time,
    async add(original, ...options) {
      const home = spares.shift() ?? assert.fail('no more nodes');
      if (original !== undefined) {
        await cp(original.home, home, { recursive: true });
      }
      const engine = await follow(home);
      await engine.start(...options);
      return engine;
    },
    async late(height, hash) {
      const snapshotSources = engines.slice(0, 2).map(({ blocks }) => blocks);
      const engine = await follow(spares.shift() ?? assert.fail('no more nodes'), {
        snapshotSources,
        snapshotBlock: `${height}:${hash}`,
      });
      engine.start().catch(() => undefined);
      return engine;
    },
    async stranger() {
      const engine = await follow(join(folder, 'stranger'));
      engine.start().catch(() => undefined);
      return engine;
    },
    async close() {
      await Promise.all([...engines, ...added].map(async (engine) => await engine.stop('SIGKILL')));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Keys of a validator's folder, made the first time. */
async function keysIn(home: string): Promise<FolderValidatorKeys> {
  return await openValidatorKeys(home, { primitives, random: systemRandom });
}

function folderEngine(home: string, url: string, blocks: string, keys: ValidatorKeys): TestEngine {
  let child: ChildProcess;
  let ended: Promise<number | null>;
  let log = '';
  let present: unknown;
  let signer: SignerState | undefined;
  const lookers = new Set<() => void>();
  const start = async (...more: readonly string[]): Promise<void> => {
    const process = spawn(ENGINE, ['start', home, ...more], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    process.stdin.on('error', () => undefined).end(handedOver(keys));
    child = process;
    signer = undefined;
    process.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    ended = new Promise((resolve) => {
      process.once('exit', resolve);
    });
    const lines = createInterface(process.stdout);
    lines.on('line', (line) => {
      const said = JSON.parse(line) as { present?: unknown; signer?: SignerState };
      if (said.present !== undefined) ({ present } = said);
      signer = said.signer ?? signer;
      for (const look of lookers) look();
    });
    const listens = new Promise<boolean>((resolve) => {
      lines.on('line', (line) => {
        if (line.includes('"ready"')) resolve(true);
      });
      lines.once('close', () => resolve(false));
    });
    if (await listens) return;
    throw new Error(`the engine ended before it listened:\n${log}`);
  };
  return {
    home,
    url,
    blocks,
    key: keys.key,
    get pid() {
      return child.pid ?? 0;
    },
    start,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null) child.kill(signal);
      return await ended;
    },
    ended: async () => await ended,
    presence: () => present,
    async untilSigner(state) {
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (signer !== state) return;
          lookers.delete(look);
          resolve();
        };
        lookers.add(look);
        look();
      });
    },
    log: () => log,
  };
}
