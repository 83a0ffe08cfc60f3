/** Another text of a module. */
export interface OtherText {
  /** The module, in `src/`. */
  readonly file: string;
  /** Text that is there once, and its replacement. */
  readonly from: string;
  readonly to: string;
}

/** A fault that somebody could make in the product's code. */
export interface Mutation extends OtherText {
  /** Description of the fault. */
  readonly name: string;
  /** A second defence, which hides the fault unless it is away too. */
  readonly also?: OtherText;
  /** Name of the pinned sequence that finds it. */
  readonly foundBy: string;
  /** True if it is found where opening a record takes a release. */
  readonly guarded?: boolean;
}

/** Faults that the suite of keys must find. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'nothing is sealed ahead',
    file: 'client/epochs/planPackets.ts',
    from: 'AHEAD = 3',
    to: 'AHEAD = 0',
    foundBy: 'a right ends at its date, and something is added a moment later',
  },
  {
    name: 'an early end outruns one epoch, however far keys were sealed ahead',
    file: 'services/dueEpoch.ts',
    from: 'if (over && end.sealedTo < present)',
    to: 'if (over)',
    foundBy: 'a right ends at its date, and something is added long after',
  },
  {
    name: 'a packet gives one category more',
    file: 'client/epochs/sealPacket.ts',
    from: 'const { categories } = grant.terms;',
    to: "const categories = [...new Set([...grant.terms.categories, 'other' as const])];",
    foundBy: 'a right is revoked, another is to one record alone, and more is added',
  },
  {
    name: 'the packet of a right to one record gives its category',
    file: 'client/epochs/sealPacket.ts',
    from: 'isOwn || files ? {} : identitiesUpTo(epoch, state, categories)',
    to: 'isOwn ? {} : identitiesUpTo(epoch, state, categories)',
    foundBy: 'a right is revoked, another is to one record alone, and more is added',
  },
  {
    name: 'keys are sealed for rights that were revoked',
    file: 'client/epochs/planPackets.ts',
    from: ' && active.includes(digest)',
    to: '',
    foundBy: 'a right is revoked, another is to one record alone, and more is added',
  },
  {
    name: 'the keys stay the same when they turn',
    file: 'crypto/keys/earlierIdentity.ts',
    from: 'if (steps === 0) return identity;',
    to: 'if (steps >= 0) return identity;',
    foundBy: 'a right is revoked, another is to one record alone, and more is added',
  },
  {
    name: 'a suspension turns no keys',
    file: 'services/dueEpoch.ts',
    from: 'index.party(end.grantee)?.suspended !== false',
    to: 'false',
    foundBy: 'a grantee is suspended, and something is added',
  },
  {
    name: 'a date turns the keys a minute late',
    file: 'services/dueEpoch.ts',
    from: 'over || suspended || end.until <= at',
    to: 'over || suspended',
    foundBy: 'a right ends at its date, and something is added a moment later',
  },
  {
    name: 'an erasure destroys nothing',
    file: 'client/epochs/eraseKeys.ts',
    from: 'withoutCategory(state.keyring, category, at)',
    to: 'state.keyring',
    foundBy: 'a version of a record that is shared alone is erased, and the next one is read',
  },
  {
    name: 'an erasure leaves the packets of rights to one record, and of who is suspended',
    file: 'client/epochs/eraseKeys.ts',
    from: '...withdrawn.flatMap((known) => emptyOnes(known, epoch)),',
    to: '',
    foundBy: 'a grantee is suspended while a category is erased',
  },
  {
    name: 'the packet of a grant is released however late the ledger took the grant',
    file: 'services/agent/releasablePacket.ts',
    from: 'isOfGrant(own) && ',
    to: 'false && ',
    // Nodes that know of the erasure refuse the view.
    also: {
      file: 'client/epochs/enterErasures.ts',
      from: 'epoch === undefined ||',
      to: 'epoch !== 0 ||',
    },
    foundBy: 'a lying agent places grants from before an erasure',
  },
  {
    name: 'a right that was revoked is not refused',
    file: 'protocol/rights/judgeRight.ts',
    from: "known.state === 'ended' || wanted.at",
    to: 'wanted.at',
    foundBy: 'a right is revoked, another is to one record alone, and more is added',
  },
  {
    name: 'a right is not kept by nodes before it is on the ledger',
    file: 'client/rights/grantRight.ts',
    from: 'const next = { ...committed, grants,',
    to: 'const next = { ...committed,',
    foundBy: 'a right is revoked, another is to one record alone, and more is added',
  },
  {
    name: 'another key of a grantee is sealed to before it is accepted',
    file: 'client/rights/confirmRecipient.ts',
    from: 'pinned !== undefined && pinned !== facts.recipient',
    to: 'false',
    foundBy: 'a grantee changes keys, and is sealed to once the patient has accepted that',
  },
  {
    name: 'the patient’s own secret stays when the key changes',
    file: 'client/epochs/commitEpochs.ts',
    from: 'own: newKey(party)',
    to: 'own: ageIdentity(new Uint8Array(32).fill(end))',
    foundBy: 'a patient’s key is stolen and changed, and somebody may read on',
    guarded: true,
  },
  {
    name: 'a change of key begins no new span',
    file: 'client/epochs/endFormerSpan.ts',
    from: '...closeSpan(keyring)',
    to: '...keyring',
    foundBy: 'a patient’s key is stolen and changed, and somebody may read on',
    guarded: true,
  },
  {
    name: 'the packet that only turns the keys holds those that are erased',
    file: 'client/epochs/sealPacket.ts',
    from: 'grant.terms.grantee === party.address',
    to: 'false',
    foundBy: 'a version of a record that is shared alone is erased, and the next one is read',
  },
];
