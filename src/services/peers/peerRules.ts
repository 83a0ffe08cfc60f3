import type { Organisation } from '../../protocol/ids.ts';
import { ADDRESS, BYTES32 } from '../../protocol/findShapeError.ts';
import type { Channel, NetworkFile } from '../../protocol/NetworkFile.ts';
import { MAX_SUBMISSIONS } from '../../protocol/shapes/askedShapes.ts';
import { organisationId } from '../../protocol/networkLookups.ts';
import type { AuthorityPort, ContributorPort, CoordinatorPort } from '../ports.ts';

/** The most names of files, and the like, of one call. */
const MOST_NAMES = 4096;
/** The most bodies that are given in one call. */
const MOST_BODIES = 256;
/** The most epochs that a patient may be asked to enter in one call. */
const MOST_ADVANCES = 256;

/** The services that an organisation opens to the others. */
export interface PeerPorts {
  readonly coordinator: CoordinatorPort;
  readonly contributor: ContributorPort;
  readonly authority: AuthorityPort;
}

/** A call between organisations. */
export interface PeerContext {
  readonly network: NetworkFile;
  /** The caller, authenticated. */
  readonly caller: Organisation;
  /** Organisation of the service. */
  readonly receiver: Organisation;
}

/** Rule by which another organisation may call a method. */
export interface PeerRule<Argument = unknown> {
  /** Tells whether the one argument is of the method's form, as far as the rule and the service rely on it. */
  takes(argument: unknown): boolean;
  /** Tells whether the caller may call it with that. */
  allows(context: PeerContext, argument: Argument): boolean;
  /** True if it answers with a stream of bytes. */
  readonly streams?: true;
  /** True if it may copy files or entries before it answers, which takes longer than an answer does. */
  readonly copies?: true;
}

/** A rule for each method of a port: a method without a rule cannot be called. */
export type PeerRules<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (argument: infer Argument) => unknown
    ? PeerRule<Argument>
    : never;
};

/**
 * Rules for the calls of an organisation's node to another's, by service and method; the transports within a process
 * and across the network apply the same rules. The caller is known to be of the network.
 */
export const peerRules: { readonly [Name in keyof PeerPorts]: PeerRules<PeerPorts[Name]> } = {
  coordinator: {
    judge: {
      takes: (value) => has(value, { log: isText, bodies: listOf(isJudged) }),
      allows: (context, { log }) => isOwnLog(context, log),
      copies: true,
    },
    knownSize: { takes: isText, allows: isOwnLog },
    lastSigned: { takes: isText, allows: isOfChannelWith },
    shown: {
      takes: (value) => has(value, { log: isText, from: isCount }),
      allows: (context, { log }) => isOwnLog(context, log),
    },
    judged: {
      takes: (value) => has(value, { log: isText, entries: listOf(isWord, MOST_BODIES) }),
      allows: (context, { log }) => isOwnLog(context, log),
    },
    show: { takes: isCheckpointRequest, allows: (context, { log }) => isOwnLog(context, log) },
    signCheckpoint: {
      takes: isCheckpointRequest,
      allows: (context, { log }) => isOwnLog(context, log),
    },
    advance: { takes: listOf(isObject, MOST_ADVANCES), allows: isOfAnyChannel },
    attest: { takes: isFactsQuery, allows: isOfAnyChannel },
    tally: {
      takes: (value) => has(value, { audit: isObject, log: isText, size: isCount, root: isWord }),
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
  },
  contributor: {
    stats: { takes: listOf(isWord, MOST_NAMES), allows: isOfAnyChannel },
    smallFiles: { takes: listOf(isWord, MOST_NAMES), allows: isOfAnyChannel },
    file: { takes: isWord, allows: isOfAnyChannel, streams: true },
    keep: { takes: isObject, allows: isOfAnyChannel },
    keepRules: { takes: listOf(isObject, MAX_SUBMISSIONS), allows: isOfAnyChannel },
    card: { takes: isAddress, allows: isOfAnyChannel },
    sheet: {
      takes: (value) => has(value, { handle: isWord, epoch: isCount, root: isWord }),
      allows: isOfAnyChannel,
    },
    state: {
      takes: (value) => has(value, { handle: isWord, nonce: isWord }),
      allows: isOfAnyChannel,
    },
    letters: { takes: isObject, allows: isOfAnyChannel },
    keptAfter: { takes: isCount, allows: isOfAnyChannel },
    keptCopies: { takes: listOf(isWord, MOST_NAMES), allows: isOfAnyChannel },
    read: {
      takes: (value) => has(value, { log: isText, from: isCount, to: isCount }),
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    latestCheckpoint: { takes: isText, allows: isOfChannelWith },
    nextCheckpoint: {
      takes: (value) => has(value, { log: isText, size: isCount }),
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    notice: {
      takes: (value) => has(value, { checkpoint: (inner) => has(inner, { log: isText }) }),
      allows: (context, { checkpoint }) => isOwnLog(context, checkpoint.log),
      copies: true,
    },
  },
  authority: {
    // A member drafts for its own organisation's agent alone: the draft has a new patient ID in it.
    draft: {
      takes: isApplication,
      allows: (context, signed) =>
        context.caller === context.receiver &&
        signed.application.message.organisation === context.caller,
    },
    approve: {
      takes: (value) =>
        has(value, { application: isApplication, enrolment: isObject, opening: isOpening }),
      allows: ({ caller }, { application }) =>
        application.application.message.organisation === caller,
    },
    approveSender: {
      takes: (value) => has(value, { party: isAddress, organisation: isWord, deadline: isCount }),
      allows: ({ caller }, enrolment) => enrolment.organisation === organisationId(caller),
    },
  },
};

/** Tells whether a log is the caller's own. */
function isOwnLog({ network, caller }: PeerContext, log: string): boolean {
  const logs = network.channels.flatMap((channel) => channel.logs);
  return logs.some(({ name, organisation }) => name === log && organisation === caller);
}

/** Tells whether the caller is in the channel that has a log. */
function isOfChannelWith(context: PeerContext, log: string): boolean {
  return context.network.channels.some(
    (channel) => channel.logs.some(({ name }) => name === log) && isOf(channel, context.caller),
  );
}

function isOfAnyChannel({ network, caller }: PeerContext): boolean {
  return network.channels.some((channel) => isOf(channel, caller));
}

function isOf({ coordinators }: Channel, organisation: Organisation): boolean {
  return coordinators.some((member) => member.organisation === organisation);
}

type Test = (value: unknown) => boolean;

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' && BYTES32.test(value);
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && ADDRESS.test(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJudged(value: unknown): boolean {
  return has(value, { body: isText });
}

function isCheckpointRequest(value: unknown): boolean {
  return has(value, {
    log: isText,
    note: isText,
    entries: listOf(isWord),
    from: isCount,
    verdicts: listOf(isPlacedVerdict),
  });
}

function isPlacedVerdict(value: unknown): boolean {
  const statement = { verdict: isObject, coordinator: isAddress, signature: isText, from: isCount };
  if (!has(value, statement)) return false;
  const { part } = value as Readonly<Record<string, unknown>>;
  return part === undefined || has(part, { index: isCount, proof: listOf(isWord) });
}

function isApplication(value: unknown): boolean {
  const signed = { message: (message: unknown) => has(message, { organisation: isText }) };
  return has(value, { application: (inner) => has(inner, signed) });
}

function isOpening(value: unknown): boolean {
  return value === undefined || has(value, { patientId: isText, salt: isText });
}

function isFactsQuery(value: unknown): boolean {
  if (!has(value, { nonce: isWord })) return false;
  const { party, handle, grant, grants } = value as Readonly<Record<string, unknown>>;
  return (
    (party === undefined || isAddress(party)) &&
    [handle, grant].every((word) => word === undefined || isWord(word)) &&
    (grants === undefined || typeof grants === 'boolean')
  );
}

function listOf(test: Test, longest = Infinity): Test {
  return (value) => Array.isArray(value) && value.length <= longest && value.every(test);
}

function has(value: unknown, fields: Readonly<Record<string, Test>>): boolean {
  return isObject(value) && Object.entries(fields).every(([name, test]) => test(value[name]));
}
