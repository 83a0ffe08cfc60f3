import type { ErrorCode } from '../../errors/catalogue.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import type { Listening } from '../../http/listen.ts';
import type { NodeFolder } from '../NodeFolder.ts';
import type { Logger } from '../operate/Logger.ts';
import { WaitingLog } from '../operate/WaitingLog.ts';
import { pause } from '../pause.ts';
import type { Engine } from '../validator/openEngine.ts';
import { goOnFounding } from './ceremony.ts';
import { stampOf } from './exchangeFiles.ts';
import { readOwnTerms } from './termsFiles.ts';

/** Interval at which the exchange folder is looked at, milliseconds. */
const LOOK_EVERY = 2000;

/** Faults of files of the exchange folder: these may be on their way, or given again. */
const PASSING: readonly ErrorCode[] = [
  'DEALS_MISSING',
  'DEAL_INVALID',
  'CEREMONY_INVALID',
  'NETWORK_FILE_INVALID',
  'REQUEST_MALFORMED',
];

/** Options of `untilFounded`. */
export interface FoundingWait {
  readonly ports: NodePorts;
  /** That of the organisations' validators. */
  readonly engine: Engine;
  /** Takes a line whenever the node waits for something else. */
  readonly log: Logger;
  /** Begins to answer the operator while the node waits; `waitsFor` returns the reason. */
  readonly serve: (waitsFor: () => string) => Promise<Listening>;
}

/**
 * Waits until a network that is founded by files has its network file: until the organisations have dealt, and the founder has
 * joined their deals. At the founder's node it does the latter. The files are verified whenever one of them changes.
 *
 * @param folder - The node's folder.
 * @param options - Ports, the engine, and who is told what the node waits for.
 * @throws MedsealError as `goOnFounding` does, but for what is wrong with the files of the exchange folder; `PORT_IN_USE`.
 */
export async function untilFounded(
  folder: NodeFolder,
  { ports, engine, log, serve }: FoundingWait,
): Promise<void> {
  const { exchange = '' } = (await readOwnTerms(folder.files)) ?? {};
  const waiting = new WaitingLog(log, ports.clock);
  const leftOut = (fault: MedsealError): void => {
    log.warn('deal left out', { code: fault.code, what: fault.message });
  };
  let door: Listening | undefined;
  let last: { readonly stamp: string; readonly fault: MedsealError } | undefined;
  try {
    for (;;) {
      const stamp = await stampOf(exchange);
      if (last?.stamp !== stamp) {
        const fault = await faultOf(goOnFounding(folder, ports, engine, leftOut));
        if (fault === undefined) return;
        last = { stamp, fault };
      }
      const { fault } = last;
      door ??= await serve(() => `its founding: ${last?.fault.message}`);
      waiting.waits('waiting for founding', fault, { what: fault.message });
      await pause(ports.clock, LOOK_EVERY);
    }
  } finally {
    await door?.close();
  }
}

async function faultOf(founding: Promise<void>): Promise<MedsealError | undefined> {
  try {
    await founding;
    return undefined;
  } catch (error) {
    if (isMedsealError(error) && PASSING.includes(error.code)) return error;
    throw error;
  }
}
