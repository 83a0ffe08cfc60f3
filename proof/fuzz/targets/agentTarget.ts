import type { Fetch } from '../../../src/client/agent/operationCalls.ts';
import type { OpenTarget } from '../FuzzTarget.ts';
import { DEEDS } from '../life.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson } from '../mutateJson.ts';

/** Answers of a hostile node to a client: all that a patient and a doctor do, with answers that were altered. */
export const openAgentTarget: OpenTarget = async (life) =>
  await Promise.resolve({
    async enter(dice, note) {
      let calls = 0;
      const altered = dice.between(1, 10);
      const fetch: Fetch = async (url, init = {}) => {
        const { signal: _, ...rest } = init;
        const answer = await life.fetch(url, rest);
        calls += 1;
        if (calls < altered || (calls > altered && dice.chance(0.8))) return answer;
        const body = Buffer.from(await answer.arrayBuffer());
        const isJson = (answer.headers.get('content-type') ?? '').endsWith('json');
        const sent =
          isJson && dice.chance(0.9)
            ? Buffer.from(mutateJson(dice, JSON.parse(body.toString())))
            : mutateBytes(dice, body);
        note(Buffer.concat([Buffer.from(`${url} `), sent]));
        const status = dice.chance(0.9) ? answer.status : dice.pick([200, 204, 206, 400, 500, 503]);
        const headers = dice.chance(0.95) ? answer.headers : new Headers({ 'content-range': 'x' });
        return new Response(status === 204 ? null : new Uint8Array(sent), { status, headers });
      };
      await life.relive(fetch, dice.between(0, DEEDS - 1));
    },
  });
