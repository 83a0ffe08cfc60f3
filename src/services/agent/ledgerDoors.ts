import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { claimsAbi } from '../../bindings/generated/claimsAbi.ts';
import { hideTerms } from '../../bindings/hideTerms.ts';
import { malformed } from '../../errors/malformed.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type {
  AgentPort,
  KeyChangeAsked,
  SettlementAsked,
  SignedSuspension,
  UnitsAsked,
  VitalAsked,
} from '../../protocol/AgentPort.ts';
import type { ClaimFacts } from '../../protocol/care/claims.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Address, Handle } from '../../protocol/ids.ts';
import { hasTerm } from '../../protocol/care/isPendingClaim.ts';
import { lotHashOf } from '../../protocol/care/lotHashOf.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { requireEnrolled } from '../../protocol/evidence/judgeEvidence.ts';
import { requireActive } from '../../protocol/rights/judgeRight.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { authorOf, roleFits } from '../../protocol/struct/ledgerRequests.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import { parseKeyChanges, parseMessage, parseSigned } from '../../protocol/struct/parseSigned.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { requireOpenChart } from '../../protocol/rights/requireOpenChart.ts';
import { actingMandate, mandatesOn } from '../../protocol/rights/judgeMandate.ts';
import { MANDATE_TYPES, type MandateType } from '../../protocol/care/mandates.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { MAX_DEADLINE_AHEAD, requireTimely } from '../../protocol/evidence/requireTimely.ts';
import { SETTLEMENT_ASKED } from '../../protocol/shapes/askedShapes.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import { UNIT_TYPES } from '../../protocol/struct/unitTypes.ts';
import type { Birth, ConfirmVital, Death, UndoVital } from '../../protocol/care/vitalRecords.ts';
import { VITAL_TYPES } from '../../protocol/struct/vitalTypes.ts';
import { placeOf } from '../placeOf.ts';
import { requireSignature } from '../requireSignature.ts';
import type { AgentContext } from './AgentContext.ts';
import { depositEverywhere } from './depositEverywhere.ts';
import { carrying, placeOnLedger, type Placing } from './placeOnLedger.ts';
import { requireLinked } from './requireLinked.ts';
import { signedByAuthority } from './signedByAuthority.ts';

/** Seconds for which an offer of a mandate can wait for the patient: a week, and what any deadline may be ahead. */
const OFFER_TERM = 7 * 86_400 + MAX_DEADLINE_AHEAD;

/** Seconds in which the second party can sign an undoing: a day, and what any deadline may be ahead. */
const WAIT_FOR_SECOND = 24 * 3600 + MAX_DEADLINE_AHEAD;

/**
 * The operations of an agent that carry one request to the ledger, each by its own steps. Nothing that they are
 * given is trusted: its signatures are verified here, and its contract is asked, before it costs a transaction.
 *
 * @param agent - The agent's context.
 */
export function ledgerDoors(
  agent: AgentContext,
): Pick<AgentPort, 'suspend' | 'changeKey' | 'vital' | 'mandate' | 'units' | 'settle'> {
  return {
    suspend: async (asked) => await placeOnLedger(agent, suspension(agent, asked)),
    changeKey: async (asked) => {
      const { card, ...placing } = keyChange(agent, asked);
      const placed = await placeOnLedger(agent, placing);
      await depositEverywhere(agent, { card });
      return placed;
    },
    vital: async (asked) => await placeOnLedger(agent, vitalRecord(agent, asked)),
    mandate: async (asked) => await placeOnLedger(agent, mandate(agent, asked)),
    units: async (asked) => await placeOnLedger(agent, units(agent, asked)),
    settle: async (asked) => {
      const placed = await placeOnLedger(agent, settlement(agent, asked));
      return placed === 'settled' ? {} : { place: placed };
    },
  };
}

/** A suspension, or its lifting, whoever brings it: k members of the authority signed it. */
function suspension(agent: AgentContext, asked: SignedSuspension): Placing {
  const { index } = agent;
  const message = parseMessage('Suspension', asked?.message);
  const signatures = signedByAuthority(agent, 'Suspension', message, asked.signatures);
  return {
    ...carrying(agent, 'Suspension', { message, signatures }),
    about: message.party,
    // Each has a number, which tells one that was carried before.
    known: () => undefined,
    require: () => {
      const party = index.party(message.party);
      if (party === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
      if (message.change !== party.standing + 1) throw refused('ChangeUnexpected');
    },
  };
}

/** A change of a party's key, which the key before and the new one signed, with the card that nodes keep from then on. */
function keyChange(
  agent: AgentContext,
  asked: KeyChangeAsked,
): Placing & Pick<KeyChangeAsked, 'card'> {
  const { index, primitives } = agent;
  const [change] = parseKeyChanges([asked?.change]);
  if (change !== undefined && 'signatures' in change) throw malformed('change');
  const { party, recipient } = asked.card ?? {};
  const fits =
    change !== undefined &&
    change.message.party === party &&
    typeof recipient === 'string' &&
    recipientHash(primitives, recipient) === change.message.recipient;
  if (!fits) throw malformed('card');
  const keyChanges = parseKeyChanges(asked.card.keyChanges);
  const { message, signature, newSignature } = change;
  if (keyAfter(agent, party, keyChanges) !== message.signer) throw malformed('keyChanges');
  const signed = { type: 'KeyChange', message } as const;
  return {
    ...carrying(agent, 'KeyChange', { message, signature, cosignature: newSignature }),
    card: { party, recipient, keyChanges },
    about: party,
    authenticate: () => requireEnrolled(index, party),
    known: () => {
      const { key, recipient: present } = index.party(party) ?? {};
      const isPresent =
        key?.signer === message.signer &&
        key.change === message.change &&
        present === message.recipient;
      const place = isPresent ? index.keyChanged(party) : undefined;
      return place && { transaction: place.transaction, block: place.block };
    },
    require: () => {
      requireActive(index, party);
      requireTimely(message.deadline, index.moment);
      requireSignature(agent, signed, signature, (key) => key === index.signerOf(party));
      requireSignature(agent, signed, newSignature, (key) => key === message.signer);
    },
  };
}

/** A birth or a death, what confirms or undoes it, or a will: of the party that it names, or of the handle's patient. */
function vitalRecord(agent: AgentContext, asked: VitalAsked): Placing {
  const { index } = agent;
  const request = parseSigned(asked?.request, VITAL_TYPES);
  const { type, party, message, signature } = request;
  const isUndoing = type === 'UndoVital';
  if (!isUndoing && asked.second !== undefined) throw malformed('second');
  const signed: (readonly [Address, unknown])[] = [[party, signature]];
  if (isUndoing) signed.push([(message as UndoVital).second, asked.second]);
  const known = (): LedgerPlace | undefined => (stands() ? placeOf(agent, request) : undefined);
  return {
    ...carrying(agent, type, { message, signature, cosignature: asked.second }),
    about: message.handle,
    authenticate: () => {
      const controller = index.patient(message.handle)?.controller;
      if (controller === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
      if ((authorOf(request) ?? controller) !== party) throw new MedsealError('RIGHT_MISSING', {});
      // Of a repeat the key may have changed since.
      requireSigned((signer) => index.signersOf(signer));
      agent.accounts.note(party, known() !== undefined || message.deadline < index.moment);
    },
    known,
    require: () => {
      requireSigned((signer) => [index.signerOf(signer)]);
      requireActive(index, party);
      requireTimely(message.deadline, index.moment, isUndoing ? WAIT_FOR_SECOND : undefined);
      const fits = signed.every(([signer]) => roleFits(type, index.party(signer)?.role));
      if (!fits) throw refused('RoleUnfit');
      requireLinked(agent, request, asked.link);
      agent.vitalTries.take(party);
    },
    admit: () => agent.vitalRecords.take(party),
  };

  function requireSigned(keysOf: (signer: Address) => readonly unknown[]): void {
    for (const [signer, given] of signed) {
      requireEnrolled(index, signer);
      requireSignature(agent, request, given, (key) => keysOf(signer).includes(key));
    }
  }

  /** A report or a confirmation that was undone since does not stand. */
  function stands(): boolean {
    const life = index.life(message.handle);
    switch (type) {
      case 'Birth':
        return life.birth.report === digestOf(agent, type, message as Birth);
      case 'Death':
        return life.death.report === digestOf(agent, type, message as Death);
      case 'ConfirmVital': {
        const { what, report } = message as ConfirmVital;
        return life[what].report === report;
      }
      case 'UndoVital':
      case 'ObjectToVital':
      case 'Will':
        return true;
    }
  }
}

/** A mandate or its end: of the handle's patient, or of a key that acts or acted there. */
function mandate(agent: AgentContext, asked: Signed<MandateType>): Placing {
  const { index } = agent;
  const request = parseSigned(asked, MANDATE_TYPES);
  const { type, party, message, signature } = request;
  const { handle } = message;
  const known = (): LedgerPlace | undefined => placeOf(agent, request);
  // Laying a mandate down takes no knowledge of its exact end.
  const view =
    type === 'Mandate'
      ? index
      : { patient: (of: Handle): PatientFacts | undefined => index.patient(of) };
  // Whoever acted and does no longer asks for nothing new.
  const isActing = (key: Address): boolean =>
    known() === undefined
      ? actingMandate(view, handle, key, undefined, index.moment) !== undefined
      : mandatesOn(index, handle).some((each) => each.key === key);
  // Whoever acts pays for it. Of a repeat the key may have changed since.
  const payer = (): Address => {
    const isPatients = (key: Address): boolean => index.signersOf(party).includes(key);
    const signer = requireSignature(
      agent,
      request,
      signature,
      (key) => isPatients(key) || isActing(key),
    );
    return isPatients(signer) ? party : signer;
  };
  return {
    ...carrying(agent, type, { message, signature }),
    about: handle,
    authenticate: () => {
      const controller = index.patient(handle)?.controller;
      if (controller === undefined) throw new MedsealError('NOT_FOUND', { what: 'patient' });
      if (controller !== party) throw new MedsealError('RIGHT_MISSING', {});
      agent.accounts.note(payer(), known() !== undefined || message.deadline < index.moment);
    },
    known,
    require: () => {
      requireSignature(agent, request, signature, (key) => {
        return key === index.signerOf(party) || isActing(key);
      });
      requireTimely(message.deadline, index.moment, OFFER_TERM);
      if (type === 'Mandate') requireOpenChart(index, { type, handle });
      agent.vitalTries.take(payer());
    },
    admit: () => agent.vitalRecords.take(payer()),
  };
}

/** An issue of settlement units, which a seat of the organisation signs, or a redemption, which their holder signs too. */
function units(agent: AgentContext, asked: UnitsAsked): Placing {
  const { index, network } = agent;
  const request = parseSigned(asked?.request, UNIT_TYPES);
  const { type, party, message, signature } = request;
  const holder = authorOf(request);
  const known = (): LedgerPlace | undefined => placeOf(agent, request);
  // Everybody can read the ledger, and whoever signed may have another key by now; nobody else is let wait in line.
  if (known() === undefined) {
    requireSignature(agent, request, holder === undefined ? signature : asked.second, isSeat);
  }
  return {
    ...carrying(agent, type, { message, signature, cosignature: asked.second }),
    about: message.organisation,
    known,
    require: () => {
      const signer = holder === undefined ? party : (index.signerOf(holder) ?? holder);
      requireSignature(agent, request, signature, (key) => key === signer);
      if ((holder ?? party) !== party) throw new MedsealError('SIGNATURE_INVALID', {});
    },
  };

  function isSeat(key: Address): boolean {
    return network.authority.members.some(({ address, organisation }) => {
      return address === key && organisationId(organisation) === message.organisation;
    });
  }
}

/** The end of a claim's term, which pays what was held, or the lot of the side that did not dispute: anybody may ask. */
function settlement(agent: AgentContext, asked: SettlementAsked): Placing<'settled'> {
  const { index, primitives } = agent;
  if (!isOfShape(SETTLEMENT_ASKED, asked)) throw malformed('settlement');
  const claim = parseMessage('InsuranceClaim', asked.claim);
  const digest = digestOf(agent, 'InsuranceClaim', claim);
  const hidden = hideTerms(primitives, 'InsuranceClaim', claim);
  const about = `settle ${digest}`;
  if (asked.due === 'lot') {
    return {
      contract: 'claims',
      about,
      known: () => {
        facts();
        return unless(index.claims.lots(digest) === undefined);
      },
      require: () => {
        const { state, due, disputant, claimant, lotHash } = facts();
        if (state !== 'disputed') throw refused('StateUnfit');
        if (due < index.moment) throw refused('TermLapsed');
        const expected = disputant === claimant ? lotHash : claim.lotHash;
        if (lotHashOf(primitives, asked.lot) !== expected) throw refused('LotInvalid');
      },
      data: () => encodeBatch(claimsAbi, 'openLots', [[hidden, asked.lot]]),
    };
  }
  return {
    contract: 'claims',
    about,
    known: () => unless(hasTerm(facts())),
    require: () => {
      if (facts().due >= index.moment) throw refused('TermRuns');
    },
    data: () => encodeBatch(claimsAbi, 'lapse', [[hidden]]),
    untried: true,
  };

  function facts(): ClaimFacts {
    const found = index.claims.facts(digest);
    if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
    return found;
  }
}

function refused(reason: string): MedsealError {
  return new MedsealError('RULE_REFUSED', { reason });
}

/** A step that was settled needs no place. */
function unless(isDue: boolean): 'settled' | undefined {
  return isDue ? undefined : 'settled';
}
