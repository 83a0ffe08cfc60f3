import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../crypto/portablePrimitives.ts';
import { foundingTrust } from './foundingTrust.ts';
import type { LightBlock } from './LightBlock.ts';
import { forgeBlock, type Forgery, makeValidators } from './test/forgeBlock.ts';
import { verifyBlock, type VerifiedBlock } from './verifyBlock.ts';

const founders = makeValidators({ anna: 10, bert: 10, carl: 10, dora: 10 });
const [anna, bert, carl, dora] = founders;
assert.ok(anna && bert && carl && dora);
const founding = foundingTrust(primitives, {
  chain: 'medseal-test',
  time: 1000,
  validators: founders,
});
const NOW = 2000;

function verify(block: LightBlock, trusted = founding, now = NOW): VerifiedBlock | undefined {
  return verifyBlock(primitives, trusted, block, now);
}

function refuse(forgery: Partial<Forgery>, trusted = founding, now = NOW): void {
  const block = forgeBlock({ height: 1, validators: founders, ...forgery });
  assert.throws(() => verify(block, trusted, now), { code: 'LEDGER_UNPROVEN' });
}

describe('verifyBlock', () => {
  // @actor two thirds of the validators | to make a block
  it('takes a block that more than two thirds of the power signed, and refuses exactly two thirds', () => {
    assert.equal(verify(forgeBlock({ height: 1, validators: founders }))?.height, 1);
    const signers = [anna, bert, carl];
    assert.equal(verify(forgeBlock({ height: 1, validators: founders, signers }))?.height, 1);
    refuse({ signers: [anna, bert] });
    refuse({ signers: [] });
    const three = makeValidators({ anna: 10, bert: 10, carl: 10 });
    const trusted = foundingTrust(primitives, {
      chain: 'medseal-test',
      time: 1000,
      validators: three,
    });
    refuse({ validators: three, signers: three.slice(1) }, trusted);
    const uneven = makeValidators({ anna: 201, bert: 100 });
    const more = foundingTrust(primitives, {
      chain: 'medseal-test',
      time: 1000,
      validators: uneven,
    });
    const block = forgeBlock({ height: 1, validators: uneven, signers: uneven.slice(0, 1) });
    assert.equal(verify(block, more)?.height, 1);
  });

  it('refuses votes for another chain, and another chain with votes for it', () => {
    refuse({ signedFor: 'medseal-other' });
    refuse({ chain: 'medseal-other' });
  });

  it('refuses double votes, votes of others, and validators that stand twice', () => {
    refuse({ signers: [anna, anna, anna] });
    refuse({ signers: [...founders, ...makeValidators({ eve: 10 })] });
    refuse({ validators: [anna, anna, bert, carl] });
    const block = forgeBlock({ height: 1, validators: founders });
    const [first, ...rest] = block.commit.votes;
    assert.ok(first);
    const stolen = { ...first, validator: rest[0]?.validator ?? first.validator };
    const votes = [stolen, ...rest.slice(1)];
    assert.throws(() => verify({ ...block, commit: { ...block.commit, votes } }), {
      code: 'LEDGER_UNPROVEN',
    });
  });

  it('refuses a next block of validators that the trusted one does not name', () => {
    refuse({ validators: [anna, bert, carl] });
    refuse({ validators: makeValidators({ anna: 10, bert: 10, carl: 10, dora: 11 }) });
    const one = verify(forgeBlock({ height: 1, validators: founders, next: [anna, bert, carl] }));
    assert.ok(one);
    refuse({ height: 2, validators: founders }, one);
    const two = verify(forgeBlock({ height: 2, validators: [anna, bert, carl] }), one);
    assert.equal(two?.height, 2);
  });

  it('skips ahead if more than a third of the trusted power signed, and asks for a nearer block if not', () => {
    const changed = [anna, bert, ...makeValidators({ eve: 10, fred: 10 })];
    assert.equal(verify(forgeBlock({ height: 50, validators: changed }))?.height, 50);
    const one = makeValidators({ anna: 10, eve: 10, fred: 10, gina: 10 });
    assert.equal(verify(forgeBlock({ height: 50, validators: one })), undefined);
    // Exactly a third is too little.
    const three = makeValidators({ anna: 10, bert: 10, carl: 10 });
    const trusted = foundingTrust(primitives, {
      chain: 'medseal-test',
      time: 1000,
      validators: three,
    });
    assert.equal(verify(forgeBlock({ height: 50, validators: one }), trusted), undefined);
    assert.equal(
      verify(forgeBlock({ height: 50, validators: makeValidators({ eve: 1, fred: 1 }) })),
      undefined,
    );
    // Those who were trusted may stand in the set, and not have signed.
    const signers = changed.slice(1);
    refuse({ height: 50, validators: changed, signers: changed.slice(2) });
    assert.equal(verify(forgeBlock({ height: 50, validators: changed, signers })), undefined);
  });

  // @attack an endpoint makes up validators by the thousand, and a reader verifies all of their signatures | those whom nobody trusts are not verified before trusted ones; at most 100
  it('verifies no signature of strangers, who can make as many validators as they like', () => {
    let checked = 0;
    const counting: typeof primitives = {
      ...primitives,
      verifyEd25519(...given) {
        checked += 1;
        return primitives.verifyEd25519(...given);
      },
    };
    const names = Object.fromEntries(Array.from({ length: 40 }, (_, place) => [`eve${place}`, 9]));
    const strangers = makeValidators(names);
    const fake = forgeBlock({ height: 50, validators: strangers });
    assert.equal(verifyBlock(counting, founding, fake, NOW), undefined);
    assert.equal(checked, 0);
    // Nor more than one, if they say that those who are trusted signed as well.
    const with2 = forgeBlock({ height: 50, validators: [...strangers, anna, bert] });
    const [name] = forgeBlock({ height: 1, validators: [anna] }).commit.votes;
    const votes = with2.commit.votes.map((vote) =>
      vote.validator === name?.validator ? { ...vote, signature: name.signature } : vote,
    );
    const forged = { ...with2, commit: { ...with2.commit, votes } };
    assert.throws(() => verifyBlock(counting, founding, forged, NOW), { code: 'LEDGER_UNPROVEN' });
    assert.ok(checked <= 2, `${checked} signatures`);
  });

  it('refuses a block that is not later, or is from the future, and trust that is too old', () => {
    const one = verify(forgeBlock({ height: 1, validators: founders }));
    assert.ok(one);
    refuse({}, one);
    refuse({ height: 0 }, one);
    refuse({ height: 2, time: 999 }, one);
    refuse({ time: NOW + 11 });
    const block = forgeBlock({ height: 1, validators: founders, time: NOW + 10 });
    assert.equal(verify(block)?.height, 1);
    const period = 21 * 24 * 3600;
    assert.throws(() => verify(block, founding, 1000 + period), { code: 'LEDGER_TRUST_OLD' });
    assert.equal(verify(block, founding, 999 + period)?.height, 1);
  });

  it('refuses a header with one other field', () => {
    const block = forgeBlock({ height: 1, validators: founders });
    const other = `0x${'ee'.repeat(32)}` as const;
    const { header } = block;
    for (const [name, value] of Object.entries(header)) {
      const changed =
        typeof value === 'number' ? value + 1 : typeof value === 'string' ? other : undefined;
      const field =
        changed ??
        (name === 'time'
          ? { ...header.time, nanos: 6 }
          : name === 'version'
            ? { block: 11, app: 1 }
            : { ...header.lastBlockId, parts: { total: 2, hash: other } });
      assert.throws(
        () => verify({ ...block, header: { ...header, [name]: field } }),
        { code: 'LEDGER_UNPROVEN' },
        name,
      );
    }
  });
});
