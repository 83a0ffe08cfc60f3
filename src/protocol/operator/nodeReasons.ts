import { shapeOfType } from '../shapes/shapeOfType.ts';
import { MapOf, OneOf } from '../wire/findShapeError.ts';

/** The sentence of each reason in English, with the values that it names. */
const SENTENCES = {
  disk: () => 'room on its disk',
  opening: () => 'the ledger and the stores to open',
  'standby-lease': () => 'standby: another node of the organisation holds the lease of its stores',
  'standby-database': () => 'standby: the database does not answer',
  'ledger-silent': () => 'the ledger to answer',
  'ledger-ahead': ({ seconds }) =>
    `clocks to agree: the ledger is ${seconds} s ahead of this machine`,
  'ledger-old': ({ seconds, most }) =>
    `the ledger to make a block: its newest one is ${seconds} s old, and nobody reads by a right beyond ${most} s`,
  'validator-behind': () => 'its validator to fetch the blocks that it lacks',
  'validator-out': () =>
    'a new validator: its own signed two blocks of one height and is out for good',
  'signer-absent': ({ address }) =>
    `its validator’s remote signer to connect to ${address}: without it the validator has no vote`,
  'signer-other': ({ address, key }) =>
    `the remote signer with the key ${key}: the one that connects to ${address} has another key, or does not sign for this ledger`,
  token: ({ token, code }) => `its PKCS#11 token ${token}, without which it signs nothing: ${code}`,
  'program-lacking': ({ sha256, platform }) =>
    `the engine’s program ${sha256} for ${platform}, with which the ledger goes on: give it with "medseal engine add"`,
  'program-foreign': ({ platform }) =>
    `another machine for its validator: the ledger goes on with programs of which none is for ${platform}`,
  'validator-unnamed': ({ name }) =>
    `another network file: that one names another key of its validator, which has no vote: write its identity file with medseal network identity --validator, and have another organisation run medseal network propose --replace-key ${name}`,
  clocks: ({ count, of }) =>
    `clocks to agree: ${count} of ${of} other organisations refuse what this machine’s clock says`,
  missed: ({ what }) =>
    `what it missed since its folder was backed up or copied${what === '' ? '' : `: ${what}`}`,
  enrolment: () => 'the authority to enrol the accounts of its organisations',
  'log-closed': ({ name, log }) =>
    `${name} judges, signs and releases for ${log}: the log is closed, as there is proof that it signed two histories`,
  'checkpoints-awaited': ({ name, log, moment }) =>
    `${name} signs checkpoints of ${log}: it was restored, and the ledger must have one of ${moment} or later first`,
  'key-out': ({ name, moment }) =>
    `${name} signs blocks: all others took power from its validator’s key, and it is back at ${moment} unless a change that takes its stake is published before`,
  'key-leaving': ({ name }) =>
    `${name} signs blocks: all others took power from its validator’s key, and a change that takes its stake is under way`,
} as const satisfies Readonly<Record<string, (values: Readonly<Record<string, string>>) => string>>;

/** A reason for which a node takes no requests, or a duty that it does not do yet. */
export interface NodeReason {
  /** Stable code to program against. */
  readonly code: keyof typeof SENTENCES;
  /** The values that its sentence names. */
  readonly values: Readonly<Record<string, string>>;
}

/** Codes of all reasons; the portal has words for each in every language. */
export const NODE_REASONS = Object.keys(SENTENCES) as readonly NodeReason['code'][];

/** Shape of a `NodeReason`. */
export const NODE_REASON = shapeOfType<NodeReason>('NodeReason')({
  code: new OneOf(...NODE_REASONS),
  values: new MapOf(/^[a-z]{1,31}$/, 'text'),
});

/**
 * Makes a reason.
 *
 * @param code - The reason.
 * @param values - The values that its sentence names.
 */
export function nodeReason(
  code: NodeReason['code'],
  values: Readonly<Record<string, string | number>> = {},
): NodeReason {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)] as const);
  return { code, values: Object.fromEntries(texts) };
}

/**
 * Says a reason in English, for a terminal, `/readyz` and tools.
 *
 * @param reason - The reason.
 */
export function reasonText({ code, values }: NodeReason): string {
  const say: (values: NodeReason['values']) => string = SENTENCES[code];
  return say(values);
}
