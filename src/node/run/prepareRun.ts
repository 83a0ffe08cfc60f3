import { listen, type Listening } from '../../http/listen.ts';
import { readPortal } from '../../http/portal/readPortal.ts';
import { configuredStores } from '../configuration/configuredStores.ts';
import { configuredDatabases } from '../configuration/configuredDatabases.ts';
import { untilFounded } from '../founding/untilFounded.ts';
import { createMetrics } from '../operate/createMetrics.ts';
import { freeBytesIn } from '../operate/freeBytesIn.ts';
import { FreeSpace } from '../operate/FreeSpace.ts';
import { operateApp } from '../operate/operateApp.ts';
import { WaitingLog } from '../operate/WaitingLog.ts';
import { openEngine } from '../validator/openEngine.ts';
import { KnownNetwork } from './KnownNetwork.ts';
import { readRole } from './readRole.ts';
import type { RunContext } from './RunContext.ts';

/** Options of `prepareRun`. */
export interface PrepareOptions extends Pick<
  RunContext,
  'folder' | 'configuration' | 'ports' | 'log' | 'ended' | 'onFailure'
> {
  /** Version of this program. */
  readonly version: string;
  /** Returns the free bytes on the folder's disk; if absent, the system is asked. */
  readonly freeBytes?: (() => Promise<number | undefined>) | undefined;
}

/**
 * Reads what a process needs before it listens. It waits until a network that is founded by files is complete.
 *
 * @param options - The folder and settings.
 * @throws MedsealError `DEAL_INVALID`, `CEREMONY_INVALID`, after which the folder is closed; `CONFIGURATION_INVALID`;
 * `PORTAL_DAMAGED`.
 */
export async function prepareRun({
  version,
  freeBytes,
  ...options
}: PrepareOptions): Promise<RunContext> {
  const { folder, configuration, ports, log } = options;
  const { operate, limits } = configuration;
  // Before a network that is founded by files is complete, nothing is known of it that parties could be served.
  const engine = openEngine(configuration.validator.program);
  const serve = async (waitsFor: () => string): Promise<Listening> => {
    const metrics = createMetrics(version, unopened);
    const app = operateApp(metrics, unopened, waitsFor, operate.names);
    return await listen(app, operate.port, operate.host, { limits });
  };
  await untilFounded(folder, { ports, engine, log, serve }).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  const isServed = configuration.portal.serve === 'always';
  const portal = isServed ? await readPortal() : undefined;
  const openStore = await configuredStores(configuration.vault, ports);
  const openDatabases = configuredDatabases(configuration.database, ports);
  if (isServed && portal === undefined)
    log.warn('the portal is not built', { run: 'npm run prepare' });
  const role = await readRole(folder, configuration, ports);
  const known = await KnownNetwork.read({ folder, role, ports, urls: configuration.peers.urls });
  const space = new FreeSpace(
    freeBytes ?? (async () => await freeBytesIn(folder.files.path)),
    configuration.disk.reserve,
  );
  await space.look();
  const waiting = new WaitingLog(log, ports.clock);
  return { ...options, role, known, space, waiting, portal, openStore, openDatabases };
}

/** The state of a node that is not open. */
async function unopened(): Promise<undefined> {
  return await Promise.resolve(undefined);
}
