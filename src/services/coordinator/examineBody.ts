import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { catalogue } from '../../errors/catalogue.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { LogName } from '../../protocol/ids.ts';
import { authenticate, judgeEvidence } from '../../protocol/judgeEvidence.ts';
import { parseEntryBody } from '../../protocol/parseBody.ts';
import type { View, Write } from '../../protocol/requests.ts';
import type { Wanted } from '../Claims.ts';
import type { JudgedBody } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** How far an entry's moment may lie from a coordinator's clock, seconds. */
const MAX_SKEW = 5;

/** A body that a coordinator agrees to by its view of the ledger. */
export interface ExaminedBody {
  /** SHA-256 of the body, 32 bytes. */
  readonly entry: Uint8Array;
  readonly body: Uint8Array;
  /** The moment that it names, Unix seconds. */
  readonly at: number;
  /** Of an accepted write or a summary: what no other entry can have. */
  readonly wants?: Wanted;
  /** Of an accepted write. */
  readonly write?: Write;
  /** Of an accepted view. */
  readonly view?: View;
}

/**
 * Judges what can be told from a body and a coordinator's own view of the ledger.
 *
 * @param context - The organisation's context, its index brought up to date.
 * @param log - The log that it is for.
 * @param judged - Not trusted.
 * @throws MedsealError that says why it is refused.
 */
export function examineBody(
  context: ServiceContext,
  log: LogName,
  judged: JudgedBody,
): ExaminedBody {
  const { index, clock, network, primitives } = context;
  const encoded = utf8ToBytes(judged.body);
  const body = parseEntryBody(judged.body);
  const { at } = body;
  if (body.log !== log) throw new MedsealError('LOG_WRONG', {});
  if (Math.abs(at - Math.max(index.moment, seconds(clock))) > MAX_SKEW) {
    throw new MedsealError('CLOCK_SKEWED', { limit: MAX_SKEW });
  }
  const examined = { entry: primitives.sha256(encoded), body: encoded, at };
  if (body.format === 'medseal-summary/1') {
    return { ...examined, wants: { summary: log, by: bytesToHex(examined.entry), at } };
  }
  const { request, flag, block, code } = body;
  if (request.message.log !== log) throw new MedsealError('LOG_WRONG', {});
  if (block > index.block) throw new MedsealError('NOT_YET', { what: 'block' });
  const by = authenticate(context, index, request);
  if (flag === 'R') {
    if (code === undefined || !Object.hasOwn(catalogue, code)) {
      throw new MedsealError('REQUEST_MALFORMED', { what: 'code' });
    }
    return examined;
  }
  judgeEvidence(context, network, index, request, judged, at);
  if (request.type !== 'Write') return { ...examined, view: request.message as View };
  const write = request.message as Write;
  return { ...examined, write, wants: { write, by, at } };
}
