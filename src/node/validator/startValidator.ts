import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/networkLookups.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Files } from '../../folder/Files.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import type { Configuration } from '../configuration/Configuration.ts';
import type { Logger } from '../operate/Logger.ts';
import { openEngine } from './openEngine.ts';
import { engineTermsOf } from './engineTermsOf.ts';
import { superviseValidator, type ValidatorProcess } from './superviseValidator.ts';
import { VALIDATOR, validatorHome } from './validatorHome.ts';

/** Options of `startValidator`. */
export interface StartOptions {
  /** The data folder of the organisation's node. */
  readonly files: Files;
  /** The network file; validators hold its ledger. */
  readonly network: NetworkFile;
  readonly organisation: Organisation;
  readonly settings: Configuration['validator'];
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Starts an organisation's validator: makes its genesis file from the network file, writes its settings, and runs it.
 *
 * @param options - The folder, the network, the settings.
 * @throws MedsealError `ENGINE_FAILED`; `LEDGER_OTHER` if the network file names another chain than follows from it.
 */
export async function startValidator(options: StartOptions): Promise<ValidatorProcess> {
  const { files, network, organisation, settings, primitives, clock, log } = options;
  const { host, port, rpcPort, blocksPort, blockTime, idleBlockTime, program } = settings;
  const home = validatorHome(files);
  const engine = openEngine(program);
  const { key, node } = await engine.keys(home);
  const founders = presentNodes(network);
  const own = founders.find((each) => each.organisation === organisation)?.validator;
  // Without the key that has stake it follows the ledger, and has no vote.
  if (own?.key !== key)
    log.warn('validator has another key than the network was founded with', { key, node });
  const chain = await engine.found(home, engineTermsOf(network, primitives));
  if (chain !== network.ledger.chain) throw new MedsealError('LEDGER_OTHER', {});
  const peers = founders.flatMap(({ organisation: name, validator }) =>
    validator === undefined || name === organisation
      ? []
      : [`${validator.node}@${validator.address}`],
  );
  await writeJsonFile(files, `${VALIDATOR}/settings.json`, {
    listen: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    rpc: `127.0.0.1:${rpcPort}`,
    blocks: `127.0.0.1:${blocksPort}`,
    peers: [...peers, ...settings.peers],
    blockTime,
    idleBlockTime,
  });
  return superviseValidator({ program, home, key, clock, log });
}
