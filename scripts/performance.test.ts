import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ageFaults, MOST_COMMITS } from '../bench/support/ageFaults.ts';
import { commitsSince, type Git } from '../bench/support/commitsSince.ts';

const HISTORY = ['ccc', 'bbb', 'aaa'];

/** A checkout with the commits of `HISTORY`, newest first. */
const whole: Git = async (what, ...args) => {
  await Promise.resolve();
  if (what === 'rev-parse') return 'false\n';
  if (what === 'rev-list') {
    const [from = '', to = ''] = args.at(-1)?.split('..') ?? [];
    const last = to === 'HEAD' ? 0 : HISTORY.indexOf(to);
    return `${HISTORY.indexOf(from) - last}\n`;
  }
  if (!HISTORY.includes(args.at(-2) ?? '')) throw new Error('not an ancestor');
  return '';
};
const none: Git = async () => await Promise.reject(new Error('no git'));
const shallow: Git = async () => await Promise.resolve('true\n');
const row = (name: string, commit: string): { name: string; commit: string } => ({ name, commit });

describe('commits since a row was measured', () => {
  it('are counted up to the last commit, or to the one that is named', async () => {
    const found = await commitsSince(['aaa', 'ccc', 'aaa'], { git: whole });
    assert.deepEqual(found, new Map(Object.entries({ aaa: 2, ccc: 0 })));
    const earlier = await commitsSince(['aaa'], { git: whole, until: 'bbb' });
    assert.equal(earlier?.get('aaa'), 1);
  });

  it('are unknown for a commit that the history does not have', async () => {
    assert.deepEqual(await commitsSince(['ddd'], { git: whole }), new Map([['ddd', undefined]]));
  });

  it('cannot be told without git, outside of a checkout, and in a shallow one', async () => {
    for (const git of [none, shallow])
      assert.equal(await commitsSince(['aaa'], { git }), undefined);
  });
});

describe('rows of the page on performance', () => {
  it('are refused once more commits came since than are allowed', () => {
    const since = new Map(Object.entries({ aaa: MOST_COMMITS + 1, bbb: MOST_COMMITS }));
    assert.deepEqual(ageFaults([row('log', 'aaa'), row('vault', 'bbb')], since, {}), [
      'log: 201 commits since it was measured, more than 200',
    ]);
  });

  it('may be older if they are listed with a reason', () => {
    const since = new Map([['aaa', MOST_COMMITS + 1]]);
    assert.deepEqual(ageFaults([row('log', 'aaa')], since, { log: 'takes an hour' }), []);
  });

  it('are refused if they name a commit that the history does not have, listed or not', () => {
    const since = new Map([['ddd', undefined]]);
    assert.deepEqual(ageFaults([row('log', 'ddd')], since, { log: 'takes an hour' }), [
      'log: this history has no commit ddd',
    ]);
  });

  it('leave the list of old ones once they were measured again, or are no more', () => {
    const knownOld = { log: 'takes an hour', gone: 'takes two' };
    assert.deepEqual(ageFaults([row('log', 'aaa')], new Map([['aaa', 3]]), knownOld), [
      'log: is listed as old, and is not: 3 commits',
      'gone: is listed as old, and no row',
    ]);
  });
});
