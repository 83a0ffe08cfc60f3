import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import type { Logger } from '../operate/Logger.ts';
import { WaitingLog } from '../operate/WaitingLog.ts';
import { pause } from '../pause.ts';
import type { Engine } from '../validator/openEngine.ts';
import { goOnFounding } from './ceremony.ts';

/** Interval at which the exchange folder is looked at, milliseconds. */
const LOOK_EVERY = 2000;

/**
 * Waits until a network that is founded by files has its network file: until the organisations have dealt, and the founder has
 * joined their deals. At the founder's node it does the latter.
 *
 * @param folder - The node's folder.
 * @param options - Ports, the engine of the organisations' validators, and where it is said what the node waits for.
 * @throws MedsealError as `goOnFounding` does, but for `DEALS_MISSING`.
 */
export async function untilFounded(
  folder: NodeFolder,
  {
    ports,
    engine,
    log,
  }: { readonly ports: NodePorts; readonly engine: Engine; readonly log: Logger },
): Promise<void> {
  const waiting = new WaitingLog(log, ports.clock);
  for (;;) {
    try {
      return await goOnFounding(folder, ports, engine);
    } catch (error) {
      if (!isMedsealError(error, 'DEALS_MISSING')) throw error;
      waiting.waits('waiting for deals', error);
    }
    await pause(ports.clock, LOOK_EVERY);
  }
}
