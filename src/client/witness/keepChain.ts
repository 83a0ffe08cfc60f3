import { MedsealError } from '../../errors/MedsealError.ts';
import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Audit } from '../audit/Audit.ts';
import type { ChainBlock } from './chainBlocks.ts';
import { countedIn } from '../records/confirmCount.ts';
import type { ChainContext } from '../records/examinePart.ts';

/**
 * Makes the saved form of an audit, with which anybody can examine the chain again with only the network file. It holds
 * the bodies of all entries, which say who did what to which chart.
 *
 * @param context - Network, domain and primitives.
 * @param audit - The audit.
 * @param blocks - Its blocks.
 * @throws MedsealError `ARGUMENT_INVALID` for an audit that asked for new entries only.
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises';
 * const audit = await readAudit(patient);
 * const chain = keepChain(patient, audit, await chainBlocks(patient.primitives, audit));
 * await writeFile('chain.json', formatEvidenceFile(chain));
 * ```
 */
export function keepChain(
  context: ChainContext,
  { handle, party, acknowledgement, logs, parts }: Audit,
  blocks: readonly ChainBlock[],
): SavedChain {
  if (logs.some(({ older }) => older !== undefined)) {
    const reason = 'it has new entries only: audit without `onlyNew`';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'audit', reason });
  }
  const { type, message } = parseBody(acknowledgement.body).request;
  const request = digestOf(context, type, message);
  return {
    format: 'medseal-chain/1',
    handle,
    ...(party && { party }),
    acknowledgement,
    parts: parts.map(({ log, checkpoint, entries, tallies }) => {
      const { size, root } = checkpoint;
      const asked = { request, log, size, root, handle };
      // An invalid tally is left out.
      const answers = tallies.filter(
        (tally) => countedIn(context, context.network, asked, [tally]).answered === 1,
      );
      return { log, checkpoint, entries, tallies: answers };
    }),
    blocks: blocks.map(({ header }) => header),
  };
}
