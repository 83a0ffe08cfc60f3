import { Hono, type Context } from 'hono';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { callerOf, identifyCaller } from '../../http/callers/identifyCaller.ts';
import { TrustedProxies } from '../../http/callers/TrustedProxies.ts';
import type { Clock } from '../../protocol/Clock.ts';
import { ListOf } from '../../protocol/wire/findShapeError.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import type { BatchAnswer } from '../gateway/Intake.ts';
import type { SensorGateway } from '../gateway/SensorGateway.ts';
import { bindingOf, errorToldOf, type BatchTold, type ErrorTold } from './deviceAnswers.ts';
import { DeviceBodies, LONGEST_BODY } from './DeviceBodies.ts';

/** Messages of one post, at most. */
const MOST_MESSAGES = 64;
const SEVERAL = { messages: new ListOf('text', MOST_MESSAGES) } as const;

/**
 * Makes the app for devices without MQTT. `POST /v1/readings` takes one message and answers with its state; repeated, it
 * tells how far the batch has come. `POST /v1/readings/several` takes up to 64 in JSON, and answers for each. `POST
 * /v1/hello` takes an announcement and answers with the binding, if there is one. `POST /v1/keys` takes a question for keys.
 *
 * @param gateway - Takes the messages.
 * @param clock - The time.
 */
export function deviceApp(
  gateway: Pick<SensorGateway, 'take' | 'announce' | 'keysFor'>,
  clock: Clock,
): Hono {
  const app = new Hono();
  const bodies = new DeviceBodies(clock);
  app.use(identifyCaller(new TrustedProxies([])));
  const answer = async (
    context: Context,
    longest: number,
    work: (bytes: Uint8Array) => Promise<Response>,
  ): Promise<Response> => {
    try {
      const caller = callerOf(context);
      return await bodies.read(context.req.raw, { caller, longest }, work);
    } catch (error) {
      return refuse(context, toMedsealError(error));
    }
  };
  app.post('/v1/readings', async (context) => {
    return await answer(context, LONGEST_MESSAGE, async (bytes) => {
      const taken = await gateway.take({ bytes });
      return taken.error ? refuse(context, taken.error, taken) : context.json(toldOf(taken));
    });
  });
  app.post('/v1/readings/several', async (context) => {
    return await answer(context, LONGEST_BODY, async (bytes) => {
      const { messages } = parseJsonOf(SEVERAL, bytesToUtf8(bytes), malformed);
      const taken = messages.map(async (text) => await gateway.take({ bytes: utf8ToBytes(text) }));
      return context.json({ answers: (await Promise.all(taken)).map(toldOf) });
    });
  });
  app.post('/v1/hello', async (context) => {
    return await answer(context, LONGEST_MESSAGE, async (bytes) => {
      const given = { text: bytesToUtf8(bytes), source: callerOf(context) };
      const { hello, right } = gateway.announce(given);
      const binding = right && { binding: bindingOf(hello.device, right) };
      return await Promise.resolve(context.json({ device: hello.device, ...binding }));
    });
  });
  app.post('/v1/keys', async (context) => {
    return await answer(context, LONGEST_MESSAGE, async (bytes) => {
      const { told } = await gateway.keysFor({ text: bytesToUtf8(bytes) });
      return context.json(told);
    });
  });
  app.notFound((context) => refuse(context, new MedsealError('NOT_FOUND', { what: 'path' })));
  return app;
}

/** The answer to a message as its device is told. */
function toldOf({ digest, state, error }: BatchAnswer): BatchTold | ErrorTold {
  if (digest !== undefined && state !== undefined) return { digest, ...state };
  return errorToldOf(error ?? malformed(), digest && { digest });
}

function refuse(
  context: Context,
  error: MedsealError,
  { digest }: Pick<BatchAnswer, 'digest'> = {},
): Response {
  const headers = error.retry ? { 'retry-after': '5' } : {};
  return context.body(JSON.stringify(errorToldOf(error, digest && { digest })), {
    status: error.status as 400,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

function malformed(): MedsealError {
  return new MedsealError('REQUEST_MALFORMED', { what: 'messages' });
}
