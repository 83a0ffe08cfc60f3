import { ADDRESS, ListOf, OneOf, type Shape } from '../wire/findShapeError.ts';
import { ADDED_CONTRACTS, PARTY_FACTS, SUCCESSOR } from '../shapes/answerShapes.ts';
import { FURTHER_CONTRACTS } from '../network/furtherContracts.ts';
import { SIGNED_SUSPENSION } from '../shapes/askedShapes.ts';
import { DECLINE_REASONS } from '../vocabulary.ts';
import {
  APPLICATION_SHOWN,
  CHANGE_SHOWN,
  OPERATOR_STATE,
  PARTIES_SHOWN,
  SUSPENSION_SHOWN,
  type OperatorPort,
} from './OperatorPort.ts';
import { PARTY_APPLICATION } from './PartyApplication.ts';

/** A call of the operator's port over HTTP: a POST of JSON to `/v1/operator/<name>`, or a GET if it takes nothing. */
export interface OperatorCall {
  readonly takes?: Shape;
  readonly gives: Shape;
}

const MEMBER = /^[a-z0-9-]{1,31}$/;

/** All calls of the operator's port. */
export const operatorCalls = {
  state: { gives: OPERATOR_STATE },
  applications: { gives: [APPLICATION_SHOWN] },
  approve: { takes: { member: MEMBER, application: PARTY_APPLICATION }, gives: {} },
  decline: {
    takes: {
      member: MEMBER,
      application: PARTY_APPLICATION,
      reason: new OneOf(...DECLINE_REASONS),
    },
    gives: {},
  },
  create: {
    takes: new ListOf(new OneOf(...FURTHER_CONTRACTS), FURTHER_CONTRACTS.length, 1),
    gives: ADDED_CONTRACTS,
  },
  change: { takes: { successor: SUCCESSOR, 'unheard?': [MEMBER] }, gives: CHANGE_SHOWN },
  parties: { takes: /^[\w-]{0,66}$/, gives: PARTIES_SHOWN },
  attesting: { takes: MEMBER, gives: [PARTY_FACTS] },
  draft: { takes: { party: ADDRESS, suspended: 'boolean' }, gives: SUSPENSION_SHOWN },
  review: { takes: SIGNED_SUSPENSION, gives: SUSPENSION_SHOWN },
  sign: { takes: { member: MEMBER, signed: SIGNED_SUSPENSION }, gives: SUSPENSION_SHOWN },
} as const satisfies Readonly<Record<keyof OperatorPort, OperatorCall>>;
