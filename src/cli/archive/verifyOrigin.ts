import { createReadStream } from 'node:fs';
import { originFault, originsOf, type RecordOrigin } from '../../client/archive/origin.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { describeMoment } from '../describeBody.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import { readGiven } from '../program/readGiven.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from '../verify/Finding.ts';
import type { FINDINGS } from '../verify/verifyAnswers.ts';
import type { VERIFY_ORIGIN } from '../verify/verifyOptions.ts';

/**
 * Verifies who wrote a record elsewhere that a patient brought along, with the file of that network alone.
 *
 * @param terminal - Unused: nothing takes long.
 * @param path - The record as it was sealed here.
 * @param options - The network that it comes from, and the file that the record tells of.
 * @throws MedsealError `PARTS_UNFIT` if it is not FHIR as Medseal seals it; `ARGUMENT_INVALID` if a file cannot be read; as
 * `readAnyNetwork`.
 */
export async function verifyOrigin(
  _terminal: Terminal,
  path: string,
  options: HomeOptions & OptionsOf<typeof VERIFY_ORIGIN>,
): Promise<AnswerOf<typeof FINDINGS>> {
  const network = await readAnyNetwork(options);
  const part = decodePart(await readGiven(path));
  const context = { ...(await machinePorts()), network, domain: domainOf(network) };
  const findings: Finding[] = [];
  const unanswered: string[] = [];
  const origins = originsOf(part);
  for (const origin of origins) {
    const isFile = origin.replaced === undefined;
    const what = isFile ? (options.file ?? 'the file') : path;
    if (isFile && options.file === undefined) {
      unanswered.push(`the file that it tells of: name it with --file`);
      continue;
    }
    const content = isFile ? createReadStream(what) : undefined;
    const fault = await originFault(context, part, origin, content);
    findings.push({ what, safe: fault === undefined, detail: fault ?? describeOrigin(origin) });
  }
  if (origins.length === 0) {
    const detail = 'it does not say that it was brought along from elsewhere';
    findings.push({ what: path, safe: false, detail });
  }
  return answerFindings({
    network: fingerprintOf(context.primitives, network),
    findings,
    unchecked: [
      'whose chart it was on there: the patient who brought it along says that it was theirs',
    ],
    unanswered,
  });
}

function describeOrigin({ author, at, write, acknowledgement }: RecordOrigin): string {
  const { category, version } = write;
  return `${author} put it on a chart (${category}, version ${version}) in the log ${acknowledgement.log}, ${describeMoment(at)}`;
}
