import { parseJsonBytes } from '../../../crypto/parseJsonBytes.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { Clock } from '../../../protocol/Clock.ts';
import { systemClock } from '../../systemClock.ts';
import { readBody } from '../../../crypto/readBody.ts';
import { DOOR_JSON } from './doorJson.ts';
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from './DoorLimits.ts';
import { RateLimit } from './RateLimit.ts';
import { Turnstile } from './Turnstile.ts';
import type { Visit } from './Visit.ts';
import { withinTime } from './withinTime.ts';

/** Holds callers to their limits. */
export interface Door {
  /**
   * Counts a request of a caller.
   * @returns 0, or after how many milliseconds it may come again.
   */
  count(caller: string): number;
  /**
   * Waits until there is room for a request, or for a sealed file; the visit holds it.
   * @throws MedsealError `OVERLOADED`.
   */
  enter(visit: Visit, kind: 'file' | 'request'): Promise<void>;
  /**
   * Reads a JSON body once there is room for it; the visit holds that.
   * @throws MedsealError `REQUEST_TOO_LARGE`, `REQUEST_SLOW`, `REQUEST_MALFORMED`, `OVERLOADED`.
   */
  readJson(visit: Visit, request: Request): Promise<unknown>;
  /**
   * Reads the bytes of such a body.
   * @throws MedsealError `REQUEST_TOO_LARGE`, `REQUEST_SLOW`, `OVERLOADED`.
   */
  readBytes(visit: Visit, request: Request): Promise<Uint8Array>;
  /** The parts of a sealed file as they arrive; it throws MedsealError `REQUEST_SLOW`. */
  readFile(request: Request): AsyncIterable<Uint8Array>;
}

/**
 * Makes a door’s limits.
 *
 * @param limits - What is different from the defaults.
 * @param clock - The machine’s where absent.
 */
export function createDoor(limits: Partial<DoorLimits> = {}, clock: Clock = systemClock): Door {
  const all = { ...DEFAULT_DOOR_LIMITS, ...limits };
  const { bodyBytes, waiting, patience } = all;
  const rate = new RateLimit(all.requestsPerSecond, all.burst, clock);
  const turnstile = (capacity: number): Turnstile =>
    new Turnstile({ capacity, waiting, patience, clock });
  const places = { request: turnstile(all.requests), file: turnstile(all.files) };
  const bodies = turnstile(all.bodiesBytes);

  return {
    count: (caller) => rate.visit(caller),
    async enter(visit, kind) {
      visit.hold(await places[kind].enter());
    },
    readJson: async (visit, request) => decode(await readBytes(visit, request)),
    readBytes,
    readFile: (request) => withinTime(clock, partsOf(request), { pause: all.pause }),
  };

  async function readBytes(visit: Visit, request: Request): Promise<Uint8Array> {
    const announced = announcedLength(request) ?? bodyBytes;
    if (announced > bodyBytes) {
      throw new MedsealError('REQUEST_TOO_LARGE', { what: 'body', limit: bodyBytes });
    }
    visit.hold(await bodies.enter(announced));
    const body = withinTime(clock, partsOf(request), { total: all.bodyTime });
    return await readBody({ body }, bodyBytes);
  }
}

async function* partsOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body;
}

function announcedLength(request: Request): number | undefined {
  const length = request.headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

function decode(bytes: Uint8Array): unknown {
  try {
    return parseJsonBytes(bytes, DOOR_JSON);
  } catch (cause) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'JSON' }, { cause });
  }
}
