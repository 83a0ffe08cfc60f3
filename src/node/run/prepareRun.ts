import { listen, type Listening } from '../../http/listen.ts';
import { readPortal } from '../../http/portal/readPortal.ts';
import { configuredStores } from '../configuration/configuredStores.ts';
import { configuredDatabases } from '../configuration/configuredDatabases.ts';
import { HeldStores } from '../databases/HeldStores.ts';
import { Standby } from '../databases/Standby.ts';
import { untilFounded } from '../founding/untilFounded.ts';
import { createMetrics } from '../operate/createMetrics.ts';
import { freeBytesIn } from '../operate/freeBytesIn.ts';
import { FreeSpace } from '../operate/FreeSpace.ts';
import { operateApp } from '../operate/operateApp.ts';
import { WaitingLog } from '../operate/WaitingLog.ts';
import { askForKeys, tokenLook } from '../token/followToken.ts';
import { openEngine } from '../validator/openEngine.ts';
import { KnownNetwork } from './KnownNetwork.ts';
import { readRole } from './readRole.ts';
import { requireStandby } from './requireStandby.ts';
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
  /** True if it is to wait for another machine's node of the same organisation. */
  readonly isStandby?: boolean | undefined;
}

/**
 * Reads what a process needs before it listens. It waits until a network that is founded by files is complete.
 *
 * @param options - The folder and settings.
 * @throws MedsealError `DEAL_INVALID`, `CEREMONY_INVALID`, `STANDBY_REFUSED`, after which the folder is closed;
 * `CONFIGURATION_INVALID`; `PORTAL_DAMAGED`.
 */
export async function prepareRun({
  version,
  freeBytes,
  isStandby = false,
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
  const held = new HeldStores(configuredDatabases(configuration.database, ports));
  const standby = isStandby ? new Standby(held.openDatabases) : undefined;
  const openDatabases = standby?.openDatabases ?? held.openDatabases;
  if (isServed && portal === undefined)
    log.warn('the portal is not built', { run: 'npm run prepare' });
  const role = await readRole(folder, configuration, ports);
  try {
    if (isStandby) requireStandby(configuration, role);
  } catch (error) {
    await folder.close();
    throw error;
  }
  const known = await KnownNetwork.read({ folder, role, ports, urls: configuration.peers.urls });
  const space = new FreeSpace(
    freeBytes ?? (async () => await freeBytesIn(folder.files.path)),
    configuration.disk.reserve,
  );
  askForKeys(folder.token, folder.homes, known.present);
  const lookAtToken = tokenLook(folder.token, log);
  const look = async (): Promise<void> => {
    await Promise.all([space.look(), lookAtToken()]);
  };
  await look();
  const waiting = new WaitingLog(log, ports.clock);
  const stores = { openStore, openDatabases, held, ...(standby && { standby }) };
  return { ...options, role, known, space, look, waiting, portal, ...stores };
}

/** The state of a node that is not open. */
async function unopened(): Promise<undefined> {
  return await Promise.resolve(undefined);
}
