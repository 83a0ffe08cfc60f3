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

/** Faults of files that were read and verified: these stay until a file changes. */
const LASTING: readonly ErrorCode[] = ['DEALS_MISSING', 'DEAL_INVALID'];

/** Time after which files are verified again that look unchanged, milliseconds: not each file system tells of each change. */
const VERIFY_EVERY = 60_000;

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
 * joined their deals. At the founder's node it does the latter. The files are verified whenever one of them changes,
 * each minute, and again at once if they could not be read.
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
  let last: Look | undefined;
  try {
    for (;;) {
      const stamp = await stampOf(exchange);
      const at = ports.clock.now();
      if (last === undefined || !stands(last, { stamp, at })) {
        const fault = await faultOf(goOnFounding(folder, ports, engine, leftOut));
        if (fault === undefined) return;
        last = { stamp, at, fault };
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

/** A look at the files, and the fault that it found. */
interface Look {
  readonly stamp: string;
  readonly at: number;
  readonly fault: MedsealError;
}

/** Tells whether another look would find the same. */
function stands(last: Look, now: Pick<Look, 'stamp' | 'at'>): boolean {
  const isRecent = Math.abs(now.at - last.at) < VERIFY_EVERY;
  return isRecent && last.stamp === now.stamp && LASTING.includes(last.fault.code);
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
