import { createReadStream } from 'node:fs';
import { originFault, originsOf, type RecordOrigin } from '../../client/archive/origin.ts';
import { decodePart } from '../../fhir/decodePart.ts';
import { fileHere } from '../../fhir/importedPart.ts';
import { attachedRecord } from '../../fhir/attachedRecords.ts';
import type { PartContent } from '../../fhir/Part.ts';
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
  for (const origin of origins.filter(({ replaced }) => replaced !== undefined)) {
    const fault = await originFault(context, part, origin);
    findings.push({
      what: path,
      safe: fault === undefined,
      detail: fault ?? describeOrigin(origin),
    });
    const proven = new Set(origins.flatMap((each) => (each.replaced ? [] : [each.write.record])));
    const bare = (origin.replaced?.urls ?? []).filter(
      ({ url }) => !proven.has(attachedRecord(url) ?? '0x'),
    );
    for (const { url } of bare) unanswered.push(`the file that was ${url}: nothing here proves it`);
  }
  for (const origin of origins.filter(({ replaced }) => replaced === undefined)) {
    findings.push(...(await fileFindings(context, part, origin, options.file ?? [])));
    if (options.file !== undefined) continue;
    unanswered.push(
      `the file that it tells of, the record ${fileOf(part, origins, origin)}: name it with --file`,
    );
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

/** The record here that holds a file which the part tells of. */
function fileOf(
  part: PartContent,
  origins: readonly RecordOrigin[],
  { write }: RecordOrigin,
): string {
  const own = origins.find(({ replaced }) => replaced !== undefined)?.replaced;
  return fileHere(part, own, write.record) ?? 'that it does not name';
}

/** A file is proven if one of those that were named is what its author signed. */
async function fileFindings(
  context: Parameters<typeof originFault>[0],
  part: PartContent,
  origin: RecordOrigin,
  files: readonly string[],
): Promise<readonly Finding[]> {
  let [what, fault]: readonly [string, string | undefined] = ['the file', undefined];
  for (const file of files) {
    [what, fault] = [file, await originFault(context, part, origin, createReadStream(file))];
    if (fault === undefined) break;
  }
  if (files.length === 0) return [];
  return [{ what, safe: fault === undefined, detail: fault ?? describeOrigin(origin) }];
}
