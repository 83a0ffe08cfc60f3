import { parseJsonBytes, type JsonLimits } from '../../crypto/parseJsonBytes.ts';
import { readBody } from '../../crypto/readBody.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { jsonLimitsOf } from '../../protocol/wire/jsonLimitsOf.ts';
import { operatorCalls } from '../../protocol/operator/operatorCalls.ts';
import type { OperatorPort } from '../../protocol/operator/OperatorPort.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { PROBLEM_LIMITS } from '../../protocol/wire/problemLimits.ts';
import type { Fetch } from '../agent/operationCalls.ts';

/**
 * Makes the port of a node's operator, at the node's own machine.
 *
 * @param url - Address of the operator's endpoint, such as `http://127.0.0.1:9480`.
 * @param code - The operator's code of the running node, as `medseal node page` prints it.
 * @param fetch - Function to use in place of the platform's `fetch`.
 * @throws MedsealError from every method: the problem that the node answered, `OPERATOR_UNKNOWN` for another code;
 * `PEER_UNREACHABLE`, `PEER_MALFORMED`.
 * @example
 * ```ts
 * const code = process.env['OPERATOR_CODE'] ?? '';
 * const operator = httpOperator('http://127.0.0.1:9480', code);
 * for (const { application } of await operator.applications()) {
 *   console.log(`${application.party} applies as ${application.role}`);
 * }
 * ```
 */
export function httpOperator(
  url: string,
  code: string,
  fetch: Fetch = globalThis.fetch,
): OperatorPort {
  const base = url.replace(/\/$/, '');
  return {
    state: async () => await call('state'),
    applications: async () => await call('applications'),
    async approve(decided) {
      await call('approve', decided);
    },
    async decline(decided) {
      await call('decline', decided);
    },
    change: async (asked) => await call('change', asked),
    create: async (contracts) => await call('create', contracts),
    parties: async (find) => await call('parties', find),
    attesting: async (organisation) => await call('attesting', organisation),
    draft: async (change) => await call('draft', change),
    review: async (signed) => await call('review', signed),
    sign: async (decided) => await call('sign', decided),
  };

  async function call<Name extends keyof OperatorPort>(
    name: Name,
    asked?: unknown,
  ): Promise<Awaited<ReturnType<OperatorPort[Name]>>> {
    const headers = { authorization: `Bearer ${code}` };
    const sent =
      asked === undefined
        ? { headers }
        : {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(asked),
          };
    const response = await fetch(`${base}/v1/operator/${name}`, {
      ...sent,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw new MedsealError('PEER_UNREACHABLE', { peer: base }, { cause });
    });
    if (!response.ok) throw fromProblem(await decoded(response, PROBLEM_LIMITS));
    const { gives } = operatorCalls[name];
    const answer = await decoded(response, jsonLimitsOf(gives, MOST));
    const value = parseShape(gives, answer, 'answer', (misfit) => {
      return new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause: new Error(misfit) });
    });
    return value as Awaited<ReturnType<OperatorPort[Name]>>;
  }
}

/** The most bytes of an answer, if its shape sets no lower limit. */
const MOST = 64 * 2 ** 20;

async function decoded(response: Response, fits: JsonLimits): Promise<unknown> {
  try {
    return parseJsonBytes(await readBody(response, fits.bytes), fits);
  } catch (cause) {
    throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
  }
}
