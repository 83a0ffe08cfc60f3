import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SCREENS } from '../screens/screens.ts';
import { PrivatePaths } from './PrivatePaths.ts';

const [one, other] = [`0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`];

describe('paths that name a chart, a record or a right', () => {
  it('stand in the address without it, and lead to the same screen', () => {
    const paths = new PrivatePaths();
    for (const path of [
      `/patients/${one}/results`,
      `/patients/${one}`,
      `/ask/${one}`,
      `/records/${other}`,
      `/inbox/${other}`,
    ]) {
      const short = paths.short(path);
      assert.doesNotMatch(short, /0x/);
      assert.equal(paths.full(short), path);
      assert.equal(paths.short(short), short);
    }
    assert.equal(paths.short(`/patients/${one}`), '/patients/~1');
  });

  it('are those of every screen that names one, but for what the explorer shows', () => {
    for (const { path } of SCREENS.filter((each) => !each.path.startsWith('/explorer'))) {
      const named = path.replace(/\/:(?:handle|record|right|claim)\b\??/, `/${one}`);
      const full = named.replaceAll(/\/:\w+\?/g, '');
      assert.doesNotMatch(new PrivatePaths().short(full), /0x/, path);
    }
  });

  it('lead to the list once their names are forgotten, and nowhere that was named since', () => {
    const paths = new PrivatePaths();
    const before = paths.short(`/patients/${one}/all`);
    paths.forget();
    assert.equal(paths.full(before), '/patients');
    assert.notEqual(paths.short(`/patients/${other}`), '/patients/~1');
    assert.equal(paths.full(before), '/patients');
    assert.equal(new PrivatePaths().full('/records/~7'), '/records');
  });

  it('are all others as they are: what is public may be shared', () => {
    const paths = new PrivatePaths();
    for (const path of [
      '/',
      '/home',
      '/patients',
      '/records/',
      `/explorer/transactions/${one}`,
      `/patients/${one}11`,
      '/patients/~x',
      '/patients/0x11',
    ]) {
      assert.equal(paths.short(path), path);
      assert.equal(paths.full(path), path);
    }
  });
});
