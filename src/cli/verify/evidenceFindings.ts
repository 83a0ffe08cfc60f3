import type { EvidenceSet, PromiseOutcome, Verifier } from '../../client/audit/EvidenceSet.ts';
import type { FoundFork } from '../../protocol/evidence/findForks.ts';
import type { Address, LogName } from '../../protocol/ids.ts';
import { officesOf } from '../../protocol/network/officesOf.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { describeMoment } from '../describeBody.ts';
import { keepEvidence } from '../evidence/keepEvidence.ts';
import type { Finding, Findings } from './Finding.ts';
import { calledAs } from '../program/calledAs.ts';

/**
 * Makes the findings of evidence that was compared: of each promise its outcome, then the contradictions, with the
 * signers that they convict; last, promises whose outcome the files alone do not tell, and those whose node did not answer.
 *
 * @param verifier - Trusted data.
 * @param evidence - The evidence.
 * @param says - Text of the entry of each promise, by the name of its file; others are left out.
 * @param keep - Folder to save proof of misbehaviour in, if any.
 */
export async function evidenceFindings(
  { network }: Verifier,
  evidence: EvidenceSet,
  says: ReadonlyMap<string, string>,
  keep?: string,
): Promise<Pick<Findings, 'findings' | 'unchecked'> & { readonly unanswered: readonly string[] }> {
  const outcomes = (await evidence.promises()).filter(({ name }) => says.has(name));
  for (const { acknowledgement, settled } of outcomes) {
    if (keep === undefined || settled?.proof === undefined) continue;
    await keepEvidence(keep, { acknowledgement, history: settled.proof, later: [] });
  }
  const open = outcomes.filter(
    ({ settled, fault, unchecked }) => settled === undefined && !fault && !unchecked,
  );
  return {
    findings: [
      ...outcomes.map((each) => promiseFinding(network, each, says.get(each.name) ?? '')),
      ...evidence.forks().map((fork) => forkFinding(network, fork)),
    ],
    unanswered: outcomes.flatMap(({ name, unchecked }) =>
      unchecked === undefined ? [] : [`that the promise of ${name} was kept: ${unchecked}`],
    ),
    unchecked: open.map(
      ({ name }) =>
        `that the promise of ${name} was kept: add a history of the log ("${calledAs('log --history')}"), or --url with --rpc`,
    ),
  };
}

function promiseFinding(
  network: NetworkFile,
  { name: what, acknowledgement: { log }, settled, fault }: PromiseOutcome,
  says: string,
): Finding {
  if (fault !== undefined) return { what, safe: false, detail: fault };
  if (settled === undefined) {
    const detail = `promised for ${log}; only a receipt proves its place there: ${says}`;
    return { what, safe: true, detail };
  }
  const { finding, size, history, node } = settled;
  if (finding.promise === 'kept') {
    return { what, safe: true, detail: `${log} #${finding.index} of ${size}: ${says}` };
  }
  const by = history ?? `the node of ${node}`;
  const due = `promised for ${log} by ${describeMoment(finding.includeBy)}`;
  if (finding.promise === 'open') {
    const detail = `${due}; not there yet by ${by}, and not proven overdue: ${says}`;
    return { what, safe: true, detail };
  }
  const { organisation, signers } = finding;
  const convicts = { organisation, signers: named(network, log, signers) };
  const lacks = `${due}, but missing among the ${size} entries that ${by} has from after that time`;
  const detail = `${lacks}. ${describe(convicts, 'promised it')}. The promise: ${says}`;
  return { what, safe: false, detail, convicts };
}

function forkFinding(
  network: NetworkFile,
  { log, sizes, why, organisation, signers }: FoundFork,
): Finding {
  const sized = sizes[0] === sizes[1] ? `${sizes[0]}` : `${sizes[0]} and of ${sizes[1]}`;
  const convicts = { organisation, signers: named(network, log, signers) };
  return {
    what: `${log} of ${sized} entries`,
    safe: false,
    detail: `two different histories are signed: ${why}. ${describe(convicts, 'signed both')}`,
    convicts,
  };
}

/** Returns coordinators with their organisations. */
function named(
  network: NetworkFile,
  log: LogName,
  signers: readonly Address[],
): NonNullable<Finding['convicts']>['signers'] {
  const all = officesOf(network, log).flatMap(({ channel }) => channel.coordinators);
  return signers.flatMap((signer) => all.find(({ address }) => address === signer) ?? []);
}

function describe(
  { organisation, signers }: NonNullable<Finding['convicts']>,
  did: string,
): string {
  const names = signers.map((each) => `${each.organisation} (${each.address})`).join(', ');
  return `That convicts ${organisation}, whose log it is, and the coordinators that ${did}: ${names}`;
}
