import type { AuditedLog, AuditEvent } from '../../client/Audit.ts';
import { examineAudit } from '../../client/examineAudit.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { describeBody } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../sharedOptions.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify chain`. */
export interface VerifyChainOptions extends VisitorOptions {
  readonly rpc?: string;
}

/**
 * Verifies a patient's chain of entries in every log, entry by entry (P3's verifier).
 *
 * @param terminal - Asks for the passphrase.
 * @param options - See `medseal verify chain --help`.
 */
export async function verifyChain(
  terminal: Terminal,
  options: VerifyChainOptions,
): Promise<Answer> {
  const { network, party } = await openVisitor(terminal, options);
  const ledger = options.rpc && (await connectPinnedLedger(network, options.rpc));
  const { logs } = await examineAudit(party, { ...(ledger && { ledger }) });
  const findings = logs.flatMap((log) => [...log.events.map(findingOf), ...wholeOf(log)]);
  const unchecked = logs.flatMap(({ log, unchecked: each }) =>
    each.map((what) => `${log}: ${what}`),
  );
  if (!ledger) unchecked.push('that the ledger holds the checkpoints: --rpc <url> asks it');
  const fingerprint = fingerprintOf(await createNativePrimitives(), network);
  return answerFindings({ network: fingerprint, findings, unchecked });
}

function findingOf({ log, index, body, fault }: AuditEvent): Finding {
  const what = `${log} #${index}`;
  if (fault !== undefined) return { what, safe: false, detail: fault };
  const detail =
    body === undefined
      ? 'judged and in its place; what it said was erased'
      : `${body.request.party} ${describeBody(body)}`;
  return { what, safe: true, detail };
}

/** What is found of a list as a whole. */
function wholeOf({ log, checkpoint, events, complete, faults }: AuditedLog): readonly Finding[] {
  if (faults.length > 0) return faults.map((detail) => ({ what: log, safe: false, detail }));
  if (!complete || checkpoint === undefined) return [];
  const { size } = checkpoint;
  const detail = `the list is whole: ${events.length} of the first ${size} entries concern the patient`;
  return [{ what: log, safe: true, detail }];
}
