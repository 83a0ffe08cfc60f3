import {
  ADDRESS,
  BYTES32,
  SIGNATURE,
  type Named,
  type Pattern,
  type Shape,
} from '../../protocol/wire/findShapeError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Channel, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import {
  ATTESTED_FACTS,
  LISTS,
  RELEASED_SHARES,
  SIGNED_ERASED,
  SIGNED_KEPT,
  SIGNED_TALLY,
} from '../../protocol/shapes/answerShapes.ts';
import {
  PARTY_CARD,
  PROVEN_SHEET,
  SIGNED_APPLICATION,
  SIGNED_COLLECT,
  SIGNED_FIND_RIGHTS,
  SUBMISSION,
} from '../../protocol/shapes/askedShapes.ts';
import { LOG_CONFLICT } from '../../protocol/evidence/LogConflict.ts';
import { RELEASES_TOLD } from '../../protocol/release/ReleasesTold.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import type { AuthorityPort, ContributorPort, CoordinatorPort } from '../ports.ts';
import * as shapes from './peerShapes.ts';

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

/** A method that another organisation may call. */
export interface PeerMethod {
  /** Shape of its one argument. */
  readonly takes: Shape;
  /** Shape of its answer; `bytes` for a stream of them. */
  readonly gives: Shape | 'bytes' | 'nothing';
  /** True if there may be no answer. */
  readonly orNothing?: true;
  /** Tells whether the caller may call it with that argument. */
  allows(context: PeerContext, argument: unknown): boolean;
  /** True if it may copy files or entries before it answers, which takes longer than an answer does. */
  readonly copies?: true;
}

/** A shape whose values are of a type. */
type ShapeOf<Type> = Shape &
  (
    | Named<Shape, Type>
    | (Type extends readonly (infer Item)[]
        ? { readonly shape: ShapeOf<Item>; readonly longest: number }
        : Type extends string
          ? Pattern<Type> | (string extends Type ? 'text' : never)
          : number extends Type
            ? 'count'
            : never)
  );

type GivesOf<Answer> =
  Answer extends AsyncIterable<Uint8Array>
    ? { readonly gives: 'bytes'; readonly orNothing?: never }
    : [Answer] extends [Promise<void>]
      ? { readonly gives: 'nothing'; readonly orNothing?: never }
      : Answer extends Promise<infer Value>
        ? { readonly gives: ShapeOf<Exclude<Value, undefined>> } & (undefined extends Value
            ? { readonly orNothing: true }
            : { readonly orNothing?: never })
        : never;

/** The row of each method, whose shapes are those of its argument and answer: a method without a row cannot be called. */
type Rows<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (argument: infer Argument) => infer Answer
    ? GivesOf<Answer> & {
        readonly takes: ShapeOf<Argument>;
        allows(context: PeerContext, argument: Argument): boolean;
        readonly copies?: true;
      }
    : never;
};

/**
 * Calls of an organisation's node to another's, by service and method: what each takes and gives, and who may make it.
 * The transports within a process and across the network apply the same rows. The caller is known to be of the network.
 * A caller relies on the form of an answer alone; its content is checked where it is used.
 */
export const peerCalls: { readonly [Name in keyof PeerPorts]: Rows<PeerPorts[Name]> } = {
  coordinator: {
    judge: {
      takes: shapes.JUDGE_REQUEST,
      gives: shapes.JUDGEMENT,
      allows: (context, { log }) => isOwnLog(context, log),
      copies: true,
    },
    knownSize: { takes: 'text', gives: 'count', allows: isOwnLog },
    lastSigned: { takes: 'text', gives: shapes.SIGNED_EDGE, allows: isOfChannelWith },
    awaited: { takes: 'text', gives: 'count', allows: isOfChannelWith },
    ended: { takes: 'text', gives: 'count', orNothing: true, allows: isOfChannelWith },
    // Of the ledger, which all of the network read.
    indexed: { takes: BYTES32, gives: shapes.BLOCK_DIGESTS, allows: () => true },
    shown: {
      takes: shapes.FROM_PLACE,
      gives: shapes.PRESENTED_LOG,
      orNothing: true,
      allows: (context, { log }) => isOwnLog(context, log),
    },
    judged: {
      takes: shapes.BODIES_WANTED,
      gives: shapes.TEXTS,
      allows: (context, { log }) => isOwnLog(context, log),
    },
    listed: {
      takes: shapes.LISTS_WANTED,
      gives: LISTS,
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    show: {
      takes: shapes.CHECKPOINT_REQUEST,
      gives: 'count',
      allows: (context, { log }) => isOwnLog(context, log),
    },
    signCheckpoint: {
      takes: shapes.CHECKPOINT_REQUEST,
      gives: shapes.CHECKPOINT_ANSWER,
      allows: (context, { log }) => isOwnLog(context, log),
    },
    takeConflict: {
      takes: LOG_CONFLICT,
      gives: 'nothing',
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    advance: {
      takes: shapes.ADVANCES,
      gives: shapes.COORDINATOR_SIGNATURES,
      allows: isOfAnyChannel,
    },
    vouch: {
      takes: SUBMISSION,
      gives: shapes.COORDINATOR_SIGNATURE,
      allows: isOfAnyChannel,
    },
    release: {
      takes: shapes.RELEASE_REQUEST,
      gives: RELEASED_SHARES,
      allows: (context, { log }) => isOwnLog(context, log),
    },
    releases: {
      takes: shapes.RELEASES_QUERY,
      gives: RELEASES_TOLD,
      allows: (context, { audit }) => isOfChannelWith(context, audit.log),
    },
    erased: {
      takes: shapes.ERASED_QUERY,
      gives: SIGNED_ERASED,
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    attest: { takes: shapes.FACTS_ASKED, gives: ATTESTED_FACTS, allows: isOfAnyChannel },
    tally: {
      takes: shapes.TALLY_QUERY,
      gives: SIGNED_TALLY,
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
  },
  contributor: {
    stats: { takes: shapes.NAMES, gives: shapes.FILE_IDENTITIES, allows: isOfAnyChannel },
    smallFiles: { takes: shapes.NAMES, gives: shapes.TEXTS, allows: isOfAnyChannel },
    file: { takes: BYTES32, gives: 'bytes', allows: isOfAnyChannel },
    keep: { takes: shapes.DEPOSIT, gives: SIGNED_KEPT, orNothing: true, allows: isOfAnyChannel },
    keepRules: {
      takes: shapes.RULE_SUBMISSIONS,
      gives: shapes.REFUSED_ITEMS,
      allows: isOfAnyChannel,
    },
    card: { takes: ADDRESS, gives: PARTY_CARD, allows: isOfAnyChannel },
    sheet: { takes: shapes.SHEET_WANTED, gives: PROVEN_SHEET, allows: isOfAnyChannel },
    state: { takes: shapes.STATE_WANTED, gives: shapes.STATE_GIVEN, allows: isOfAnyChannel },
    letters: { takes: SIGNED_COLLECT, gives: shapes.LETTER_PAGE, allows: isOfAnyChannel },
    rights: { takes: SIGNED_FIND_RIGHTS, gives: shapes.OPENINGS, allows: isOfAnyChannel },
    keptAfter: { takes: 'count', gives: shapes.DEPOSIT_PAGE, allows: isOfAnyChannel },
    keptCopies: { takes: shapes.NAMES, gives: shapes.DEPOSIT_COPIES, allows: isOfAnyChannel },
    read: {
      takes: shapes.RANGE,
      gives: shapes.COPIED_ENTRIES,
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    latestCheckpoint: {
      takes: 'text',
      gives: shapes.PEER_CHECKPOINT,
      orNothing: true,
      allows: isOfChannelWith,
    },
    nextCheckpoint: {
      takes: shapes.AFTER_SIZE,
      gives: shapes.PEER_CHECKPOINT,
      orNothing: true,
      allows: (context, { log }) => isOfChannelWith(context, log),
    },
    notice: {
      takes: shapes.PEER_CHECKPOINT,
      gives: 'nothing',
      allows: (context, { checkpoint }) => isOwnLog(context, checkpoint.log),
      copies: true,
    },
  },
  authority: {
    // A member drafts for its own organisation's agent alone: the draft has a new patient ID in it.
    draft: {
      takes: SIGNED_APPLICATION,
      gives: shapes.DRAFTED_ENROLMENT,
      allows: (context, signed) =>
        context.caller === context.receiver &&
        signed.application.message.organisation === context.caller,
    },
    approve: {
      takes: shapes.APPROVAL,
      gives: SIGNATURE,
      allows: ({ caller }, { application }) =>
        application.application.message.organisation === caller,
    },
    approveSender: {
      takes: messageShape('Enrolment'),
      gives: SIGNATURE,
      // Whoever joined, or is to be in another channel alone, has no account that the ledger knows: any organisation may
      // carry its enrolment there. The member signs that of the account in the network file, or one that was admitted.
      allows: isOfAnyChannel,
    },
    approveSuspension: {
      takes: messageShape('Suspension'),
      gives: SIGNATURE,
      // Whoever asks: the member signs what follows from the network files alone.
      allows: isOfAnyChannel,
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
