import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import type { Logger } from '../operate/Logger.ts';
import { EnginePrograms } from './EnginePrograms.ts';
import { openEngine } from './openEngine.ts';
import { foundLedger } from './foundLedger.ts';
import { superviseValidator, type ValidatorProcess } from './superviseValidator.ts';
import { VALIDATOR, validatorHome } from './validatorHome.ts';
import type { ValidatorKeys } from './validatorKeys.ts';
import { validatorPeers } from './validatorPeers.ts';

/** Options of `startValidator`. */
export interface StartOptions {
  /** The data folder of the organisation's node. */
  readonly files: Files;
  /** The network's first file, which the ledger began with. */
  readonly began: NetworkFile;
  /** The network file in force, and those to come, oldest first. */
  readonly networks: readonly NetworkFile[];
  readonly organisation: Organisation;
  /** The validator's keys. */
  readonly keys: ValidatorKeys;
  readonly settings: Configuration['validator'];
  /** The snapshot that it begins with, if it has no blocks. */
  readonly snapshot?: SnapshotSettings | undefined;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A snapshot that a validator without blocks begins with, for its engine. */
export interface SnapshotSettings {
  /** URLs that answer as CometBFT's RPC does; at least two. */
  readonly snapshotSources: readonly string[];
  /** A trusted block, as `height:hash`. */
  readonly snapshotBlock: string;
}

/** An organisation's validator, whose peers change with the network. */
export interface OrganisationValidator extends ValidatorProcess {
  /**
   * Has it talk with the validators that network files name, and with no others.
   *
   * @param networks - The network file in force, and those to come, oldest first.
   */
  admit(networks: readonly NetworkFile[]): Promise<void>;
  /**
   * Has it keep so many blocks.
   *
   * @param blocks - Number of the newest blocks; 0 for all.
   */
  keep(blocks: number): Promise<void>;
}

/**
 * Starts an organisation's validator: makes its genesis file from the network's first file, writes its settings, and runs
 * it. If the folder lacks the program that is pinned, it starts none until it is given that, and logs its hash.
 *
 * @param options - The folder, the network, the settings.
 * @throws MedsealError `ENGINE_FAILED`; `LEDGER_OTHER` if the network file names another chain than follows from it;
 * `NETWORK_FILE_INVALID` if it is not the network's first.
 */
export async function startValidator(options: StartOptions): Promise<OrganisationValidator> {
  const { files, began, networks, organisation, keys, settings, snapshot } = options;
  const { primitives, clock, log } = options;
  const { host, port, rpcPort, blocksPort, metricsPort, program } = settings;
  const { blockTime, idleBlockTime, snapshotEvery } = settings;
  if (began.before !== undefined) {
    const reason = 'a validator needs the network’s first file, and this one follows another';
    throw new MedsealError('NETWORK_FILE_INVALID', { reason });
  }
  const home = validatorHome(files);
  const programs = new EnginePrograms(files, program);
  const present = await programs.next();
  const { key, node, signer } = keys;
  const named = networks.flatMap(presentNodes);
  const isNamed = named.some(
    (each) => each.organisation === organisation && each.validator?.key === key,
  );
  // Without the key that has stake it follows the ledger, and has no vote.
  if (!isNamed) log.warn('validator has another key than the network names', { key, node });
  const { chain } = began.ledger;
  if (chain === undefined) throw new MedsealError('LEDGER_OTHER', {});
  // One that lacks its program began before. It stands still until it is given that one, and runs no other, also not for this.
  if (present !== undefined) {
    const founded = await foundLedger(openEngine(present), home, began, primitives);
    if (founded !== chain) throw new MedsealError('LEDGER_OTHER', {});
  }
  let [peers, keepBlocks, written]: [readonly string[], number, string] = [[], 0, ''];
  await admit(networks);
  const validator = superviseValidator({ programs, home, keys, chain, primitives, clock, log });
  return {
    key,
    get pid() {
      return validator.pid;
    },
    get presence() {
      return validator.presence;
    },
    get told() {
      return validator.told;
    },
    get signer() {
      return validator.signer;
    },
    programs,
    state: (upgrade, block) => validator.state(upgrade, block),
    stop: async () => await validator.stop(),
    admit,
    async keep(blocks) {
      keepBlocks = blocks;
      await write();
    },
  };

  async function admit(present: readonly NetworkFile[]): Promise<void> {
    peers = [...validatorPeers(present, organisation), ...settings.peers];
    await write();
  }

  /** The engine reads its peers, and how many blocks it keeps, again while it runs. */
  async function write(): Promise<void> {
    const now = {
      listen: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
      rpc: `127.0.0.1:${rpcPort}`,
      blocks: `127.0.0.1:${blocksPort}`,
      ...(metricsPort !== undefined && { metrics: `127.0.0.1:${metricsPort}` }),
      peers,
      blockTime,
      idleBlockTime,
      snapshotEvery,
      keepBlocks,
      ...snapshot,
      ...(signer && { privValidatorLaddr: signer.address, signerKey: signer.key }),
    };
    const text = JSON.stringify(now);
    if (text === written) return;
    await writeJsonFile(files, `${VALIDATOR}/settings.json`, now);
    written = text;
  }
}
