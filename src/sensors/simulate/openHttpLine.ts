import { ADDRESS } from '../../protocol/wire/findShapeError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { KEYS_TOLD } from '../../protocol/sensors/DeviceKeys.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import {
  BATCH_HEARD,
  BINDING_HEARD,
  ERROR_HEARD,
  type SensorEars,
  type SensorLine,
} from './SensorLine.ts';

/** Milliseconds that the gateway may take for an answer. */
const PATIENCE = 30_000;
const HELLO_HEARD = { device: ADDRESS, 'binding?': BINDING_HEARD } as const;

/**
 * Opens a device's line to its gateway over HTTP: one post after the other.
 *
 * @param door - Address of the gateway's door.
 * @param ears - Hear what the gateway answers, and `PEER_UNREACHABLE` if nobody does.
 */
export function openHttpLine(door: string, ears: SensorEars): SensorLine {
  const closing = new AbortController();
  const base = door.replace(/\/$/, '');
  /** Batches that wait for their turn. */
  const queued = new Set<Bytes32>();
  let last = Promise.resolve();

  async function post(
    path: string,
    body: string | Uint8Array,
    hear: (text: string) => void,
    about: object,
  ): Promise<void> {
    if (closing.signal.aborted) return;
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(PATIENCE)]);
      const answer = await fetch(`${base}${path}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : Buffer.from(body),
        signal,
      });
      const text = await answer.text();
      if (answer.ok) hear(text);
      else ears.failed({ ...parseJsonOf(ERROR_HEARD, text, malformed), ...about });
    } catch (error) {
      if (closing.signal.aborted) return;
      const code = error instanceof MedsealError ? error.code : 'PEER_UNREACHABLE';
      ears.failed({ ...about, code, again: true });
    }
  }

  const hearHello = (text: string): void => {
    const { binding } = parseJsonOf(HELLO_HEARD, text, malformed);
    if (binding !== undefined) ears.bound(binding);
  };
  const hearState = (text: string): void => ears.told(parseJsonOf(BATCH_HEARD, text, malformed));
  const hearKeys = (text: string): void => ears.keys?.(parseJsonOf(KEYS_TOLD, text, malformed));
  return {
    ask(question) {
      last = last.then(async () => {
        await post('/v1/keys', question, hearKeys, {});
      });
    },
    announce(hello) {
      last = last.then(async () => {
        await post('/v1/hello', hello, hearHello, {});
      });
    },
    send({ bytes, digest }) {
      if (queued.has(digest)) return;
      queued.add(digest);
      last = last.then(async () => {
        queued.delete(digest);
        await post('/v1/readings', bytes, hearState, { digest });
      });
    },
    async close() {
      closing.abort();
      await last;
    },
  };
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'answer' });
}
