import { Hono, type Context } from 'hono';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import type { SensorGateway } from '../gateway/SensorGateway.ts';
import { bindingOf, errorToldOf } from './deviceAnswers.ts';

/** Messages that are read at once; more wait for their turn at the network. */
const AT_ONCE = 64;

/**
 * Makes the app for devices without MQTT. `POST /v1/readings` takes one message and answers with its state; repeated, it
 * tells how far the batch has come. `POST /v1/hello` takes an announcement and answers with the binding, if there is one.
 *
 * @param gateway - Takes the messages.
 */
export function deviceApp(gateway: Pick<SensorGateway, 'take' | 'announce'>): Hono {
  const app = new Hono();
  let reading = 0;
  const answer = async (
    context: Context,
    work: (bytes: Uint8Array) => Promise<object>,
  ): Promise<Response> => {
    if (reading >= AT_ONCE) return refuse(context, new MedsealError('OVERLOADED', {}));
    reading += 1;
    try {
      return context.json(await work(await bodyOf(context.req.raw)));
    } catch (error) {
      return refuse(context, toMedsealError(error));
    } finally {
      reading -= 1;
    }
  };
  app.post('/v1/readings', async (context) => {
    return await answer(context, async (bytes) => {
      const { digest, state } = await gateway.take(bytes);
      return { digest, ...state };
    });
  });
  app.post('/v1/hello', async (context) => {
    return await answer(context, async (bytes) => {
      const { hello, right } = gateway.announce(bytesToUtf8(bytes));
      return await Promise.resolve({
        device: hello.device,
        ...(right && { binding: bindingOf(hello.device, right) }),
      });
    });
  });
  app.notFound((context) => refuse(context, new MedsealError('NOT_FOUND', { what: 'path' })));
  return app;
}

function refuse(context: Context, error: MedsealError): Response {
  const headers = error.retry ? { 'retry-after': '5' } : {};
  return context.body(JSON.stringify(errorToldOf(error)), {
    status: error.status as 400,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

async function bodyOf({ body, headers }: Request): Promise<Uint8Array> {
  const tooLarge = new MedsealError('REQUEST_TOO_LARGE', {
    what: 'message',
    limit: LONGEST_MESSAGE,
  });
  if (Number(headers.get('content-length') ?? 0) > LONGEST_MESSAGE) throw tooLarge;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.length;
    if (size > LONGEST_MESSAGE) throw tooLarge;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
