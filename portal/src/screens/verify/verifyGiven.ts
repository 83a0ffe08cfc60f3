import { visibleText } from '../../../../src/errors/visibleText.ts';
import {
  EvidenceSet,
  portablePrimitives,
  verifySealedFile,
  type VerifiedEvidence,
} from '../../../../src/client/index.ts';
import { bytesToUtf8 } from '../../../../src/crypto/bytes.ts';
import { portableSha256 } from '../../../../src/crypto/portableSha256.ts';
import { isMedsealError } from '../../../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import { domainOf } from '../../../../src/protocol/struct/domainOf.ts';
import { requireBlockConflict } from '../../../../src/protocol/evidence/blockConflict.ts';
import type { Acknowledgement, EntryBody } from '../../../../src/protocol/evidence/evidence.ts';
import { isSameNetworkFile } from '../../../../src/protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../../../src/protocol/network/NetworkFile.ts';
import { isAhead, type ProvenErasure } from '../../../../src/protocol/evidence/verifyErasure.ts';
import { RELEASE_FAULTS } from '../../../../src/protocol/release/releaseFaults.ts';
import { verifySuccessorFork } from '../../../../src/protocol/network/verifySuccessorFork.ts';
import { fileNumberAt } from './fileNumberAt.ts';
import type { Told, VerifyFinding } from './VerifyFinding.ts';

/** The part of a browser's `File` that is read. */
export type GivenFile = Pick<File, 'name' | 'size' | 'arrayBuffer' | 'stream'>;

/** Trusted data that files are verified against. */
export interface VerifyContext {
  /** The pinned network file, or the newest one that follows it. */
  readonly network: NetworkFile;
  /** The file that this browser pinned first. */
  readonly pinned: NetworkFile;
  /** Unix seconds. */
  readonly now: number;
  /** Called with the part of a sealed file that was read, from 0 to 1. */
  readonly onPart?: (part: number) => void;
}

/** Most bytes of a file of evidence that the page reads: a history has 64 for each entry. */
export const LARGEST_EVIDENCE = 64 * 2 ** 20;
/** Seconds by which clocks may differ before an entry counts as one from the future. */
const CLOCKS_DIFFER = 300;

const NONE = { checked: [], doubts: [], faults: [], unchecked: [] } as const;
const LEDGER_UNASKED: Told = { key: 'verify.not-ledger' };

/**
 * Verifies files of evidence against the pinned network, each by itself and then together, without asking anybody. With a
 * sealed file it also tells whether that is the one which the only entry names.
 *
 * @param context - Trusted data.
 * @param files - Evidence, chosen by a person; nothing about it is trusted.
 * @param sealed - A sealed file, if one was chosen too.
 */
export async function verifyGiven(
  context: VerifyContext,
  files: readonly GivenFile[],
  sealed?: GivenFile,
): Promise<readonly VerifyFinding[]> {
  const { network } = context;
  const domain = domainOf(network);
  const set = new EvidenceSet({ network, domain, primitives: portablePrimitives });
  const findings: VerifyFinding[] = [];
  for (const [place, file] of files.entries()) {
    findings.push(await verifyOne(context, set, file, String(place)));
  }
  for (const { name, settled, fault } of await set.promises()) {
    const place = Number(name);
    const before = findings[place];
    if (before === undefined) continue;
    const promise = settled?.finding.promise;
    if (fault !== undefined) findings[place] = { ...before, state: 'unsafe', faults: [fault] };
    else if (promise === 'broken') {
      const reason = 'the promise was broken: the history does not hold the entry';
      findings[place] = { ...before, state: 'unsafe', faults: [reason] };
    } else if (promise === 'kept') {
      const checked = [...before.checked, { key: 'verify.checked-kept' } as const];
      findings[place] = { ...before, checked, unchecked: [LEDGER_UNASKED] };
    }
  }
  for (const { log, why, organisation } of set.forks()) {
    const reason = `two different histories are signed: ${why}; that convicts ${organisation}`;
    findings.push({ ...NONE, what: log, kind: 'history', state: 'unsafe', faults: [reason] });
  }
  if (sealed !== undefined) findings.push(await verifyRecord(context, findings, sealed));
  return findings;
}

async function verifyOne(
  context: VerifyContext,
  set: EvidenceSet,
  file: GivenFile,
  place: string,
): Promise<VerifyFinding> {
  const { name: what } = file;
  const failed = (faults: readonly string[]): VerifyFinding => ({
    ...NONE,
    what,
    kind: 'other',
    state: 'unsafe',
    faults,
  });
  if (file.size === 0) return failed(['the file is empty']);
  if (file.size > LARGEST_EVIDENCE) {
    return failed(['the file is too large for evidence, and was not read']);
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return aboutNetwork(context, what, bytes) ?? found(context, what, await set.add(place, bytes));
  } catch (error) {
    if (isMedsealError(error, 'EVIDENCE_INVALID')) return failed([error.values.reason]);
    if (isMedsealError(error, 'SUCCESSOR_INVALID')) return failed([error.values.reason]);
    if (error instanceof MedsealError) return failed([error.message]);
    return failed(['the browser could not read the file']);
  }
}

/** Findings of a network file or of proof that two successors of one, or two blocks, are signed; undefined for other files. */
function aboutNetwork(
  { network, pinned }: VerifyContext,
  what: string,
  bytes: Uint8Array,
): VerifyFinding | undefined {
  const value = jsonIn(bytes);
  const { format, successors } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (format === 'medseal-network/1') {
    const isSame = isSameNetworkFile(network, value);
    const checked: readonly Told[] = isSame ? [{ key: 'verify.checked-network' }] : [];
    const faults = isSame ? [] : ['it is not the network file that this browser pinned'];
    return { ...NONE, what, kind: 'network', state: isSame ? 'safe' : 'unsafe', checked, faults };
  }
  if (format === 'medseal-block-conflict/1') return aboutBlocks([network, pinned], what, value);
  if (format !== 'medseal-fork/1' && format !== 'medseal-successors/1') return undefined;
  const file =
    format === 'medseal-fork/1'
      ? { format: 'medseal-successors/1', successors: [], fork: { successors } }
      : value;
  const { number, signers } = verifySuccessorFork({ primitives: portablePrimitives }, pinned, file);
  const names = [...new Set(signers.map(({ organisation }) => organisation))].join(', ');
  return {
    ...NONE,
    what,
    kind: 'fork',
    state: 'doubtful',
    checked: [{ key: 'verify.checked-fork', values: { number } }],
    doubts: [{ key: 'verify.doubt-fork', values: { names } }],
  };
}

/** Findings of proof that coordinators signed two different blocks of one height. */
function aboutBlocks(files: readonly NetworkFile[], what: string, value: unknown): VerifyFinding {
  const context = { primitives: portablePrimitives };
  const { height, isFinal, convicted, signed } = requireBlockConflict(context, files, value);
  const [one, other] = signed.map(({ block, organisation }) => `${organisation} (${block.hash})`);
  const doubt: Told =
    convicted === undefined
      ? { key: isFinal ? 'verify.doubt-conflict' : 'verify.doubt-conflict-kept' }
      : { key: 'verify.doubt-fork', values: { names: convicted.organisation } };
  const values = { height, one: one ?? '', other: other ?? '' };
  return {
    ...NONE,
    what,
    kind: 'fork',
    state: 'doubtful',
    checked: [{ key: 'verify.checked-conflict', values }],
    doubts: [doubt],
  };
}

function found(context: VerifyContext, what: string, verified: VerifiedEvidence): VerifyFinding {
  if (verified.kind === 'history') {
    const { log, size, signatures } = verified.history.checkpoint;
    const values = { log, size, signers: signatures.length };
    const checked: readonly Told[] = [{ key: 'verify.checked-history', values }];
    return { ...NONE, what, kind: 'history', state: 'safe', checked, unchecked: [LEDGER_UNASKED] };
  }
  if (verified.kind === 'chain') return foundChain(what, verified.chain);
  if (verified.kind === 'erasure') return foundErasure(context, what, verified.proven);
  const { body, kind } = verified;
  const acknowledgement = acknowledgementIn(verified);
  const checked: Told[] = [
    ...(body.format === 'medseal-body/1' ? [{ key: 'verify.checked-author' } as const] : []),
    { key: 'verify.checked-verdicts', values: { count: acknowledgement.verdicts.length } },
    ...inForce(context.network, body),
  ];
  const unchecked: Told[] = [];
  const faults: string[] = [];
  if (kind === 'release') {
    const { pair } = verified.release;
    if (pair !== undefined) {
      const { record, version } = pair;
      checked.push({ key: 'verify.checked-pair', values: { record, version } });
    }
    for (const { organisation, fault } of verified.releases) {
      if (fault === undefined) {
        checked.push({ key: 'verify.checked-release', values: { organisation } });
      } else faults.push(`${organisation} ${RELEASE_FAULTS[fault]}; that convicts ${organisation}`);
    }
  }
  if (kind === 'receipt') {
    const { checkpoint, ledger } = verified.receipt;
    const { log, size, signatures } = checkpoint;
    const { index } = acknowledgement;
    checked.push({ key: 'verify.checked-place', values: { log, index, size } });
    checked.push({ key: 'verify.checked-checkpoint', values: { count: signatures.length } });
    checked.push({ key: 'verify.checked-ledger', values: { block: ledger.block } });
    const { reading } = verified;
    if (reading !== undefined) {
      const values = { number: reading.number, line: visibleText(reading.line) };
      checked.push({ key: 'verify.checked-reading', values });
    }
    unchecked.push(LEDGER_UNASKED);
  } else unchecked.push({ key: 'verify.not-place' });
  const isLater = body.at > context.now + CLOCKS_DIFFER;
  return {
    ...NONE,
    what,
    kind,
    state: faults.length > 0 ? 'unsafe' : isLater ? 'doubtful' : 'safe',
    body,
    checked,
    doubts: isLater ? [{ key: 'verify.doubt-future' }] : [],
    faults,
    unchecked,
  };
}

function foundErasure({ now }: VerifyContext, what: string, proven: ProvenErasure): VerifyFinding {
  const { body, versions, destroyed, silent } = proven;
  const gone = destroyed.filter(({ backup }) => backup !== undefined);
  const kept = destroyed.filter(({ backup }) => backup === undefined);
  const isDatedAhead =
    body.at > now + CLOCKS_DIFFER || destroyed.some((each) => isAhead(each, now));
  const faults = destroyed.length === 0 ? ['no organisation states that it destroyed it'] : [];
  const doubts: readonly Told[] = [
    ...silent.map((organisation): Told => {
      return { key: 'verify.doubt-not-stated', values: { organisation } };
    }),
    ...(isDatedAhead ? [{ key: 'verify.doubt-future' } as const] : []),
  ];
  return {
    ...NONE,
    what,
    kind: 'erasure',
    state: faults.length > 0 ? 'unsafe' : doubts.length > 0 ? 'doubtful' : 'safe',
    body,
    checked: [
      { key: 'verify.checked-erased', values: { count: versions.length } },
      ...toldOf('verify.checked-destroyed', destroyed),
      ...toldOf('verify.checked-no-backup', gone),
    ],
    doubts,
    faults,
    unchecked: [...toldOf('verify.doubt-backup', kept), { key: 'verify.not-gone' }, LEDGER_UNASKED],
  };
}

/** The same sentence about each organisation. */
function toldOf(
  key: Told['key'],
  named: readonly { readonly organisation: string }[],
): readonly Told[] {
  return named.map(({ organisation }) => ({ key, values: { organisation } }));
}

function acknowledgementIn(
  verified: Extract<VerifiedEvidence, { readonly body: EntryBody }>,
): Acknowledgement {
  if (verified.kind === 'release') return verified.release.view;
  return verified.kind === 'receipt' ? verified.receipt.acknowledgement : verified.acknowledgement;
}

function foundChain(
  what: string,
  chain: Extract<VerifiedEvidence, { readonly kind: 'chain' }>['chain'],
): VerifyFinding {
  const blocks = chain.blocks.map(({ header, events, faults }) => ({
    header,
    entries: events.length,
    faults,
  }));
  const faults = [
    ...chain.faults,
    ...chain.logs.flatMap(({ log, faults: wrong }) => wrong.map((each) => `${log}: ${each}`)),
    ...blocks.flatMap(({ header, faults: wrong }) =>
      wrong.map((each) => `block ${header.number}: ${each}`),
    ),
  ];
  const entries = blocks.reduce((sum, block) => sum + block.entries, 0);
  const whole = chain.logs.filter(({ complete }) => complete).map(({ log }) => log);
  const partly = chain.logs.filter(({ complete }) => !complete).map(({ log }) => log);
  const checked: Told[] = [
    { key: 'verify.checked-chain', values: { blocks: blocks.length, entries } },
    ...(whole.length > 0
      ? [{ key: 'verify.checked-whole', values: { logs: whole.join(', ') } } as const]
      : []),
  ];
  return {
    ...NONE,
    what,
    kind: 'chain',
    state: faults.length === 0 ? 'safe' : 'unsafe',
    checked: faults.length === 0 ? checked : [],
    faults,
    unchecked: [
      ...partly.map((log) => ({ key: 'verify.not-whole', values: { log } }) as const),
      LEDGER_UNASKED,
    ],
    blocks,
  };
}

async function verifyRecord(
  { onPart }: VerifyContext,
  findings: readonly VerifyFinding[],
  sealed: GivenFile,
): Promise<VerifyFinding> {
  const finding = { ...NONE, what: sealed.name, kind: 'record' } as const;
  const bodies = findings.flatMap(({ body, state }) => (body && state !== 'unsafe' ? [body] : []));
  const [body] = bodies;
  if (body === undefined || bodies.length > 1) {
    const reason = 'choose exactly one valid receipt with a sealed file';
    return { ...finding, state: 'unsafe', faults: [reason] };
  }
  try {
    const size = sizeNamed(body);
    if (size !== undefined && size !== sealed.size) {
      const reason = `the sealed file has ${sealed.size} bytes, the entry says ${size}`;
      throw new MedsealError('EVIDENCE_INVALID', { reason });
    }
    await verifySealedFile({ createSha256: portableSha256 }, body, partsOf(sealed, onPart));
    return { ...finding, state: 'safe', checked: [{ key: 'verify.checked-record' }] };
  } catch (error) {
    const reason = isMedsealError(error, 'EVIDENCE_INVALID')
      ? error.values.reason
      : 'the browser could not read the file';
    return { ...finding, state: 'unsafe', faults: [reason] };
  }
}

/** Size of the sealed file that an entry names, so that a file of another size need not be read. */
function sizeNamed(body: EntryBody): number | undefined {
  if (body.format !== 'medseal-body/1' || body.request.type !== 'Write') return undefined;
  return (body.request.message as { readonly size: number }).size;
}

async function* partsOf(
  file: GivenFile,
  onPart: VerifyContext['onPart'],
): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  let read = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    read += value.length;
    onPart?.(read / Math.max(1, file.size));
    yield value;
  }
}

/** Names the network file that was in force at an entry, in a network that has changed. */
function inForce(network: NetworkFile, { at }: EntryBody): readonly Told[] {
  const { before = [] } = network;
  if (before.length === 0) return [];
  const number = fileNumberAt(network, at) + 1;
  return [{ key: 'verify.checked-file', values: { number, count: before.length + 1 } }];
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(bytesToUtf8(bytes));
  } catch {
    return undefined;
  }
}
